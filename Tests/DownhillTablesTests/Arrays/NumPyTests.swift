import DownhillTables
import Testing

@Suite("Arrays of NumPy's") struct NumPyTests {
  @Test("arrays of every type of number are read as NumPy saved them", arguments: NumPyFixture.arrays.keys.sorted())
  func types(name: String) throws {
    let file = try TemporaryFile(NumPyFixture.arrays[name]!)
    let array = try NumberArray(contentsOf: file.path)
    #expect(array.dimensions == [2, 3] && array.type.rawValue == name && array.type.size == Int(name.dropFirst()))
    let expected = (0..<6).map { i -> Double in
      name == "b1" ? Double(i % 2) : Double(i * i) + (name.hasPrefix("u") ? 1 : -3)
    }
    #expect(array.numbers(count: 6) == expected)
    // Down the last column.
    #expect(array.numbers(from: 2, stride: 3, count: 2) == [expected[2], expected[5]])
  }

  @Test("other arrays are refused with what to do", arguments: NumPyFixture.unread.keys.sorted())
  func unread(name: String) throws {
    let file = try TemporaryFile(NumPyFixture.unread[name]!)
    let error = failure { () throws(TableError) in try NumberArray(contentsOf: file.path) }
    #expect(error?.kind == .malformed && error?.message.contains("Save ") == true, "\(String(describing: error))")
  }

  private func header(_ text: String, version: UInt8 = 1) -> [UInt8] {
    let count = text.utf8.count
    let length = [UInt8(count & 255), UInt8(count >> 8)] + (version == 1 ? [] : [0, 0])
    return [0x93] + Array("NUMPY".utf8) + [version, 0] + length + Array(text.utf8)
  }

  private func error(_ bytes: [UInt8]) throws -> TableError? {
    let file = try TemporaryFile(bytes)
    return failure { () throws(TableError) in try NumberArray(contentsOf: file.path) }
  }

  @Test("sizes are checked before there is memory for them")
  func sizes() throws {
    func shaped(_ shape: String) -> [UInt8] {
      header("{'descr': '<f8', 'fortran_order': False, 'shape': \(shape), }\n") + [0, 0, 0, 0, 0, 0, 0, 0]
    }
    #expect(try error(shaped("(1,)")) == nil && error(shaped("()")) == nil)
    #expect(try error(shaped("(2,)"))?.message.contains("ends after 8") == true)
    #expect(try error(shaped("(0,)"))?.message.contains("goes on after") == true)
    for shape in [
      "(9223372036854775807, 3)", "(4611686018427387904, 8)", "(100000000000,)",
      "(1099511627776, 1099511627776, 0)", "(0, 1099511627776, 1099511627776)",
    ] {
      #expect(try error(shaped(shape))?.message.contains("are refused") == true)
    }
    // Less than the limit, and far more than the file: no more memory than it has bytes.
    #expect(try error(shaped("(1000000000,)"))?.message.contains("ends after 8") == true)
    for shape in ["(-1,)", "(1.5,)", "(x,)", "1", "(1", "(99999999999999999999,)"] {
      #expect(try error(shaped(shape))?.message.contains("no list of numbers") == true, "\(shape)")
    }
  }

  @Test("files cut short anywhere and files with a byte changed are errors or arrays, never a crash")
  func damage() throws {
    for bytes in [NumPyFixture.arrays["f4"]!, NumPyFixture.stored, NumPyFixture.deflated] {
      for count in 0..<bytes.count {
        let file = try TemporaryFile(Array(bytes[..<count]))
        #expect(throws: TableError.self) { try ArrayFile(contentsOf: file.path) }
      }
      var random = TestGenerator(state: 3)
      for place in bytes.indices {
        var other = bytes
        other[place] = UInt8.random(in: 0...255, using: &random)
        let file = try TemporaryFile(other)
        _ = failure { () throws(TableError) in try ArrayFile(contentsOf: file.path) }
      }
    }
  }

  @Test("archives hold their arrays by name, stored or deflated")
  func archives() throws {
    for (bytes, rows) in [(NumPyFixture.stored, 10), (NumPyFixture.deflated, 100)] {
      let file = try TemporaryFile(bytes)
      guard case .numbers(let arrays) = try ArrayFile(contentsOf: file.path) else { return #expect(Bool(false)) }
      #expect(arrays.map(\.name) == ["x", "y"])
      #expect(arrays[0].array.dimensions == [rows, 4] && arrays[1].array.dimensions == [rows])
      #expect(arrays[0].array.numbers(count: 4 * rows) == (0..<4 * rows).map { Double($0) / 8 })
      #expect(arrays[1].array.numbers(count: rows) == (0..<rows).map { Double($0 % 3) })
    }
  }

  @Test("a changed byte of an archive's content is found by its checksum")
  func checksum() throws {
    var bytes = NumPyFixture.stored
    // 10/8 in 32 bits, in the middle of the first array.
    let place = try #require((0..<bytes.count - 4).first { bytes[$0..<$0 + 4].elementsEqual([0, 0, 0xA0, 0x3F]) })
    bytes[place + 2] = 0xA1
    let file = try TemporaryFile(bytes)
    let error = failure { () throws(TableError) in try ArrayFile(contentsOf: file.path) }
    #expect(error?.message.contains("checksum is wrong") == true, "\(String(describing: error))")
  }

  @Test("an array becomes a table of numbers, with labels beside it")
  func table() throws {
    let file = try TemporaryFile(NumPyFixture.arrays["i2"]!)
    let array = try NumberArray(contentsOf: file.path)
    let table = try Table(array, labels: [7, 8], source: "a.npy")
    #expect(table.columns.map(\.name) == ["column1", "column2", "column3", "label"])
    #expect(texts(table["column2"]) == ["-2", "13"] && texts(table["label"]) == ["7", "8"])
    let again = try Table(array, schema: table.schema, target: "label", source: "b.npy")
    #expect(again.columns.map(\.name) == ["column1", "column2", "column3"] && again.schema == table.schema)
    let few = failure { () throws(TableError) in try Table(array, labels: [7], source: "a.npy") }
    #expect(few?.message == "2 rows and 1 label: each row needs one.")
    let other = Schema([ColumnSchema(name: "a", kind: .numeric, reason: "")])
    let width = failure { () throws(TableError) in try Table(array, schema: other, target: "label", source: "a.npy") }
    #expect(width?.message.contains("3 columns, and the model was trained on 1") == true)
  }
}
