import DownhillFiles
import Testing

/// The fixtures come from the reference implementation: Scripts/fixtures/safetensors_fixtures.py.
@Suite("Safetensors files of others")
struct SafetensorsReadingTests {
  private func ramp(_ count: Int) -> [Float] { (0..<count).map { Float($0 - 2) / 4 } }

  @Test("tensors and metadata are read")
  func float32() throws {
    let file = try SafetensorsFile(reading: fixture("safetensors/float32.safetensors"))
    #expect(!file.isChecked)
    #expect(Set(file.entries.map(\.name)) == ["layers.0.weights", "layers.0.bias", "scalar", "empty"])
    #expect(file.metadata == ["made by": "the \"reference\" implementation: \\ é 😀\n"])
    #expect(
      try file.tensor("layers.0.weights") == NamedTensor(name: "layers.0.weights", shape: [3, 2], elements: ramp(6)))
    #expect(try file.tensor("layers.0.bias").elements == ramp(2))
    #expect(try file.tensor("scalar") == NamedTensor(name: "scalar", shape: [], elements: [0.1]))
    #expect(try file.tensor("empty") == NamedTensor(name: "empty", shape: [0, 4], elements: []))
  }

  @Test("other floating-point types become Float32", arguments: [("f64", 5), ("f32", 3), ("f16", 3), ("bf16", 3)])
  func conversions(name: String, count: Int) throws {
    let file = try SafetensorsFile(reading: fixture("safetensors/types.safetensors"))
    #expect(try file.floats(name) == (name == "f64" ? ramp(count).map { $0 == 0 ? 1e-12 : $0 } : ramp(count)))
  }

  @Test("every kind of half is read exactly")
  func halves() throws {
    let file = try SafetensorsFile(reading: fixture("safetensors/halves.safetensors"))
    let expected = try file.floats("float")
    #expect(expected.count == 14)
    // What bits a NaN has is open; that it is one is not.
    func bits(_ values: [Float]) -> [UInt32] { values.map { $0.isNaN ? .max : $0.bitPattern } }
    #expect(bits(try file.floats("half")) == bits(expected))
  }

  @Test("a type that is no floating-point number is refused by its name", arguments: ["i64", "u8", "bool"])
  func unsupported(name: String) throws {
    let file = try SafetensorsFile(reading: fixture("safetensors/types.safetensors"))
    let error = #expect(throws: FileError.self) { try file.floats(name) }
    #expect(error?.problem.contains("unsupported dtype \(name.uppercased())") == true)
  }

  @Test("a file of nothing is read, and a tensor that is not there is an error")
  func nothing() throws {
    let file = try SafetensorsFile(reading: fixture("safetensors/nothing.safetensors"))
    #expect(file.entries.isEmpty && file.metadata.isEmpty)
    let error = #expect(throws: FileError.self) { try file.floats("a") }
    #expect(error?.description.hasSuffix("no tensor \"a\". It has no tensors.") == true)
  }

  @Test("a file without checksum is refused where one is required")
  func required() {
    let error = #expect(throws: FileError.self) {
      try SafetensorsFile(reading: fixture("safetensors/float32.safetensors"), checksum: .required)
    }
    #expect(error?.problem.contains("no checksum") == true)
  }

  @Test(
    "no cut and no altered bit makes reading crash, and every cut is refused",
    arguments: ["float32", "types", "nothing"])
  func damage(name: String) throws {
    let contents = try FileContents.read(fixture("safetensors/\(name).safetensors"), limit: 10_000)
    for length in 0..<contents.count {
      #expect(throws: FileError.self) { try SafetensorsFile(contents: Array(contents[..<length])) }
    }
    #expect(throws: FileError.self) { try SafetensorsFile(contents: contents + [0]) }
    var readable = 0
    for place in contents.indices {
      for bit in 0..<8 {
        var altered = contents
        altered[place] ^= 1 << UInt8(bit)
        guard let file = try? SafetensorsFile(contents: altered) else { continue }
        for entry in file.entries { _ = try? file.floats(entry.name) }
        readable += 1
      }
    }
    // Without a checksum, a change of the data alone can't be seen.
    #expect(readable >= (name == "nothing" ? 0 : 8 * 32))
  }
}
