import DownhillFiles
import Testing

@Suite("Safetensors files of ours")
struct SafetensorsWritingTests {
  private let tensors = [
    NamedTensor(name: "b", shape: [2, 2], elements: [1, -0.0, .infinity, .leastNonzeroMagnitude]),
    NamedTensor(name: "a", shape: [3], elements: [0.1, 0.2, 0.3]),
    NamedTensor(name: "none", shape: [0, 5], elements: []),
    NamedTensor(name: "\"é\\", shape: [], elements: [7]),
  ]

  @Test("what was written is read", arguments: [true, false])
  func roundTrip(checksum: Bool) throws {
    let folder = Folder()
    let metadata = ["schema": "{\"a\":\"é😀\\n\"}", "": "", "lines": "1\n2\t\u{1}"]
    try SafetensorsFile.write(tensors, metadata: metadata, checksum: checksum, to: folder["m"])
    let file = try SafetensorsFile(reading: folder["m"], checksum: checksum ? .required : .ifPresent)
    #expect(file.isChecked == checksum)
    #expect(file.metadata == metadata)
    for tensor in tensors {
      let read = try file.tensor(tensor.name)
      #expect(read.shape == tensor.shape)
      #expect(read.elements.map(\.bitPattern) == tensor.elements.map(\.bitPattern))
    }
    #expect(
      try FileContents.read(folder["m"], limit: 9999)
        == SafetensorsFile.encode(tensors, metadata: metadata, checksum: checksum))
  }

  @Test("the bytes are those of the format")
  func bytes() throws {
    let contents = try SafetensorsFile.encode(
      [NamedTensor(name: "w", shape: [1, 2], elements: [1, -2])], metadata: ["b": "2", "a": "1"], checksum: false)
    let header = #"{"__metadata__":{"a":"1","b":"2"},"w":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}}"#
    let padded = header + String(repeating: " ", count: (8 - header.utf8.count % 8) % 8)
    #expect(padded.utf8.count == 96)
    #expect(contents == [96, 0, 0, 0, 0, 0, 0, 0] + Array(padded.utf8) + [0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0])
  }

  @Test("in a file with a checksum every change of a byte is refused, and every cut")
  func everyByte() throws {
    let contents = try SafetensorsFile.encode(
      [NamedTensor(name: "w", shape: [2], elements: [1, 2])], metadata: ["k": "a\\\"b\\"])
    for length in 0..<contents.count {
      #expect(throws: FileError.self) { try SafetensorsFile(contents: Array(contents[..<length])) }
    }
    var accepted: [(Int, UInt8)] = []
    for place in contents.indices {
      for change in 1...UInt8.max {
        var altered = contents
        altered[place] ^= change
        do {
          _ = try SafetensorsFile(contents: altered)
          accepted.append((place, change))
        } catch {
          if error.kind != .malformed || error.problem.isEmpty { accepted.append((place, change)) }
        }
      }
    }
    #expect(accepted.isEmpty)
    #expect(throws: FileError.self) { try SafetensorsFile(contents: contents + [0x20]) }
  }

  @Test("an altered checked file says what to do")
  func message() throws {
    var contents = try SafetensorsFile.encode(tensors)
    contents[contents.count - 1] ^= 1
    let error = #expect(throws: FileError.self) { try SafetensorsFile(contents: contents, path: "m") }
    #expect(
      error?.description == "m: its checksum does not match: the file was altered after it was written. "
        + "Get it again. If the change was meant, take \"downhill.checksum\" out of its metadata.")
  }

  @Test("a header beyond the format's limit is refused before anything is written")
  func hugeHeader() throws {
    let folder = Folder()
    let error = #expect(throws: FileError.self) {
      try SafetensorsFile.write([], metadata: ["k": String(repeating: "x", count: 100_000_000)], to: folder["m"])
    }
    #expect(error?.exitCode == 73)
    #expect(folder.names.isEmpty)
  }
}
