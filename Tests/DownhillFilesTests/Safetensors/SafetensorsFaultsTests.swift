import DownhillFiles
import Testing

@Suite("Headers that lie")
struct SafetensorsFaultsTests {
  private func file(_ header: String, data: Int = 0, length: UInt64? = nil) -> [UInt8] {
    let length = length ?? UInt64(header.utf8.count)
    return (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + Array(header.utf8)
      + [UInt8](repeating: 0, count: data)
  }

  private func problem(_ contents: [UInt8]) -> String? {
    let error = #expect(throws: FileError.self) { try SafetensorsFile(contents: contents, path: "m") }
    #expect(error?.exitCode == 65 && error?.path == "m" && error?.advice.isEmpty == false)
    return error?.problem
  }

  @Test("lengths that can't be are not trusted", arguments: [0, 1, 3, 100_000_001, 1 << 62, UInt64.max])
  func length(length: UInt64) {
    #expect(
      problem(file("{}", length: length)) == "a header of \(length) bytes is announced, and at most 2 are possible")
  }

  @Test(
    "each fault is named",
    arguments: [
      ("[]", 0, "the header does not start with '{'"), (" {}", 0, "the header does not start with '{'"),
      ("{} x", 0, "the header is not valid JSON: 'x' where the end was expected"),
      (#"{"a":1}"#, 0, #"tensor "a": a number, not an object"#),
      (#"{"__metadata__":[]}"#, 0, "__metadata__ is an array"),
      (#"{"__metadata__":{"k":1}}"#, 0, #""k" in __metadata__ is a number, a string was expected"#),
      (#"{"a":{"shape":[1],"data_offsets":[0,4]}}"#, 4, #"tensor "a": dtype is missing or not a string"#),
      (#"{"a":{"dtype":"F31","shape":[1],"data_offsets":[0,4]}}"#, 4, #"tensor "a": the dtype "F31" is unknown"#),
      (#"{"a":{"dtype":"F32","data_offsets":[0,4]}}"#, 4, #"tensor "a": shape is not an array of sizes"#),
      (#"{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}"#, 4, #"tensor "a": shape is not an array of sizes"#),
      (#"{"a":{"dtype":"F32","shape":[1.0],"data_offsets":[0,4]}}"#, 4, #"tensor "a": shape is not an array of sizes"#),
      (
        #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}"#, 4,
        #"tensor "a": data_offsets is not a start and an end"#
      ),
      (
        #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}"#, 4,
        #"tensor "a": data_offsets is not a start and an end"#
      ),
      (
        #"{"a":{"dtype":"F32","shape":[0],"data_offsets":[9223372036854775807,9223372036854775807]}}"#, 4,
        #"tensor "a": data_offsets is beyond the end of any file"#
      ),
      (
        #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#, 4,
        #"tensor "a": 4 bytes of data do not make the shape [2] of F32"#
      ),
      (
        #"{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}}"#, 0,
        #"tensor "a": 0 bytes of data do not make the shape [4294967296, 4294967296] of F32"#
      ),
      (
        #"{"a":{"dtype":"F4","shape":[3],"data_offsets":[0,1]}}"#, 1,
        #"tensor "a": 1 bytes of data do not make the shape [3] of F4"#
      ),
      (
        #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1],"x":0}}"#, 1,
        #"tensor "a": "x" is none of dtype, shape, data_offsets"#
      ),
      (#"{"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}"#, 2, #"tensor "a" leaves a hole before it"#),
      (
        #"{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}"#,
        3,
        #"tensor "b" overlaps the one before"#
      ),
      (
        #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}"#, 0,
        "the header describes 62 bytes and the file has 61: it was cut short"
      ),
      (
        #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}"#, 2,
        "the header describes 62 bytes and the file has 63: something follows the last tensor"
      ),
      (
        #"{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}"#,
        0,
        #"the header is not valid JSON: "a" stands here twice"#
      ),
    ])
  func fault(header: String, data: Int, expected: String) {
    #expect(problem(file(header, data: data)) == expected)
  }

  @Test("messages stay short whatever the header says")
  func short() {
    let name = String(repeating: "n", count: 100_000)
    #expect((problem(file("{\"\(name)\":{\"dtype\":\"\(name)\"}}"))?.count ?? .max) < 300)
    let shape = Array(repeating: "1", count: 10_000).joined(separator: ",")
    let long = problem(file("{\"a\":{\"dtype\":\"U8\",\"shape\":[\(shape)],\"data_offsets\":[0,0]}}"))
    #expect((long?.count ?? .max) < 300)
  }

  @Test("tensors may stand in another order than their data")
  func order() throws {
    let header =
      #"{"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]},"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}"#
    #expect(try SafetensorsFile(contents: file(header, data: 3)).entries.map(\.name) == ["a", "b"])
  }
}
