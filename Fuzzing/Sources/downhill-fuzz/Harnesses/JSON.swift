import Downhill

/// JSON. What is read is read again from the text that is made of it, to the same value.
let json = Harness(
  name: "json", isJSON: true,
  seeds: {
    [
      #"{"a":[1,-2.5e3,true,false,null,"\u00e9\ud83d\udc67\n\"\\/"],"b":{"c":{},"d":[]}}"#,
      #"{"a":1,"b":2,"c":3,"d":4,"e":5,"f":6,"g":7,"h":8,"i":9,"j":1e308}"#, "[[[[[[[[0.1]]]]]]]]", " \t\n\"x\"\r ",
    ].map { Array($0.utf8) }
  }
) { bytes in
  guard let value = attempt({ try JSONValue(parsing: bytes) }) else { return }
  let text = value.text()
  guard let again = attempt({ try JSONValue(parsing: text) }) else { fatalError("not JSON: \(text)") }
  require(again == value, "not the same: \(text)")
}
