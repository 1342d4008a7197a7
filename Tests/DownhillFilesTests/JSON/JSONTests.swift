import DownhillFiles
import Testing

@Suite("JSON")
struct JSONTests {
  @Test(
    "a document is read, and written as it was",
    arguments: [
      "null", "true", "false", "0", "-0", "12", "-1.50", "1E+2", "\"\"", "[]", "{}", "[1,[2,[]],{\"a\":{}}]",
      #"{"b":1,"a":[true,null,"x"],"":0.1}"#, #""\"\\\n\r\t\u0001/é😀""#,
      #"{"1":1,"2":2,"3":3,"4":4,"5":5,"6":6,"7":7,"8":8,"9":9,"10":10}"#,
    ])
  func roundTrip(text: String) throws {
    #expect(try JSONValue(parsing: text).text() == text)
  }

  @Test("escapes are read")
  func escapes() throws {
    let value = try JSONValue(parsing: #""\u0041\u00e9\uD83D\uDE00\/\b\f\n\r\t\"\\\u0000""#)
    #expect(value.string == "Aé😀/\u{8}\u{c}\n\r\t\"\\\0")
    #expect(value.text() == #""Aé😀/\u0008\u000c\n\r\t\"\\\u0000""#)
  }

  @Test("space is allowed where the grammar has it")
  func space() throws {
    #expect(try JSONValue(parsing: " \t\r\n[ 1 , { \"a\" : 2 } ]\n").text() == #"[1,{"a":2}]"#)
  }

  @Test(
    "what is no JSON is refused, at the byte",
    arguments: [
      ("", 0), (" ", 1), ("nul", 0), ("True", 0), ("01", 1), ("-", 1), ("+1", 0), (".5", 0), ("1.", 2), ("1e", 2),
      ("1e999", 0), ("NaN", 0), ("[1,]", 3), ("[1 2]", 3), ("[1", 2), ("{", 1), ("{\"a\"}", 4), ("{\"a\":}", 5),
      ("{\"a\":1,}", 7), ("{a:1}", 1), ("{\"a\":1 \"b\":2}", 7), ("\"a", 2), ("\"\n\"", 1), (#""\x""#, 1),
      (#""\u12""#, 5), (#""\uD83D""#, 1), (#""\uDE00""#, 1), (#""\uD83D\u0041""#, 1), ("1 1", 2), ("// a", 0),
      (#"{"a":1,"a":2}"#, 7), (#"{"a":1,"\u0061":2}"#, 7), ("\u{FEFF}1", 0),
      (#"{"1":1,"2":2,"3":3,"4":4,"5":5,"6":6,"7":7,"8":8,"9":9,"9":10}"#, 55),
    ])
  func refused(text: String, offset: Int) {
    let error = #expect(throws: JSONError.self) { try JSONValue(parsing: text) }
    #expect(error?.offset == offset)
  }

  @Test(
    "text that is not UTF-8 is refused",
    arguments: [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xE2, 0x82]] as [[UInt8]])
  func notUTF8(bytes: [UInt8]) {
    let error = #expect(throws: JSONError.self) { try JSONValue(parsing: [0x22, 0x61] + bytes + [0x22]) }
    #expect(error?.description == "byte 1: the text from here is not UTF-8")
  }

  @Test("nesting has an end", arguments: ["[", "{\"a\":"])
  func deep(open: String) throws {
    let error = #expect(throws: JSONError.self) {
      try JSONValue(parsing: String(repeating: open, count: 1_000_000))
    }
    #expect(error?.problem == "nested deeper than 128 levels")
    let allowed = String(repeating: "[", count: 128) + String(repeating: "]", count: 128)
    #expect(try JSONValue(parsing: allowed).text() == allowed)
  }

  @Test("numbers keep their digits, and whole ones their value")
  func numbers() throws {
    #expect(try JSONValue(parsing: "9007199254740993").integer == 9_007_199_254_740_993)
    #expect(try JSONValue(parsing: "1e3").integer == 1000)
    #expect(try JSONValue(parsing: "1.5").integer == nil)
    #expect(try JSONValue(parsing: "1e300").integer == nil)
    #expect(try JSONValue(parsing: "-0.1250e1").number == -1.25)
    let long = "0." + String(repeating: "3", count: 400)
    #expect(try JSONValue(parsing: long).number == 1.0 / 3)
    #expect(try JSONValue(parsing: long).text() == long)
  }

  @Test(
    "a float is written in the fewest digits that give it back",
    arguments: [
      (0, "0"), (-0.0, "-0.0"), (1, "1"), (-3, "-3"), (0.1, "0.1"), (16_777_216, "16777216"), (1e20, "1e+20"),
      (1 / 3, "0.33333334"), (.leastNonzeroMagnitude, "1e-45"), (.greatestFiniteMagnitude, "3.4028235e+38"),
      (.nan, "null"), (.infinity, "null"),
    ] as [(Float, String)])
  func floats(value: Float, text: String) throws {
    #expect(JSONValue(value).text() == text)
    if value.isFinite { #expect(try Float(#require(JSONValue(parsing: text).number)).bitPattern == value.bitPattern) }
  }

  @Test("a Double is written in the fewest digits that give it back")
  func doubles() throws {
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<10_000 {
      let value = Double(bitPattern: generator.next())
      guard value.isFinite else { continue }
      #expect(try JSONValue(parsing: JSONValue(value).text()).number == value)
    }
    #expect(JSONValue(0x1p53).text() == "9007199254740992")
  }

  @Test("an object keeps the order of its members through changes", arguments: [3, 8, 9, 30])
  func order(count: Int) {
    var object = JSONObject((0..<count).map { ("\(count - $0)", JSONValue($0)) })
    object["2"] = "changed"
    object["3"] = nil
    object["new"] = 1
    let expected = (0..<count).map { "\(count - $0)" }.filter { $0 != "3" } + ["new"]
    #expect(object.members.map(\.name) == expected)
    #expect(object["2"] == "changed" && object["3"] == nil && object["new"]?.integer == 1)
    #expect(object["1"]?.integer == count - 1)
  }

  @Test("an indented document has a line for each part")
  func indented() {
    let value: JSONValue = ["a": [1, 2.5], "b": [:], "c": nil]
    #expect(
      value.text(indentation: 2) == """
        {
          "a": [
            1,
            2.5
          ],
          "b": {},
          "c": null
        }
        """)
  }
}
