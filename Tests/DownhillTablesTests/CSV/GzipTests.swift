import DownhillTables
import Testing

@Suite("Tables compressed with gzip") struct GzipTests {
  private static let numbers = (0..<20_000).map { Double($0 * $0 % 13) }
  private static let colours = (0..<20_000).map { $0 % 3 == 0 ? "blue" : "red" }

  @Test("what Python's gzip packed is read like the file itself, on any number of threads", arguments: [1, 3])
  func whole(threads: Int) throws {
    let file = try TemporaryFile(packedTable)
    let table = try Table(contentsOf: .file(file.path), target: "colour", threads: threads)
    #expect(table["n"]?.values == .numbers(Self.numbers))
    #expect(texts(table["colour"]) == Self.colours)
    #expect(table.lines.last == 20_001)
  }

  @Test("it streams, through windows of any size", arguments: [5, 1 << 10, 1 << 20])
  func stream(readSize: Int) throws {
    let file = try TemporaryFile(packedTable)
    let schema = Schema([
      ColumnSchema(name: "n", kind: .numeric, reason: ""), ColumnSchema(name: "colour", kind: .categorical, reason: ""),
    ])
    let stream = try TableStream(.file(file.path), schema: schema, readSize: readSize)
    var numbers: [Double] = []
    var colours: [String?] = []
    while let chunk = try stream.next(rows: 777) {
      if case .numbers(let some)? = chunk["n"]?.values { numbers += some }
      colours += texts(chunk["colour"])
    }
    #expect(numbers == Self.numbers && colours == Self.colours)
  }

  @Test("a file cut short anywhere is refused, whole and in chunks")
  func truncated() throws {
    let whole = try TemporaryFile(packedTable)
    let schema = try Table(contentsOf: .file(whole.path), target: "colour").schema
    for count in stride(from: 0, to: packedTable.count, by: 7) {
      let file = try TemporaryFile(Array(packedTable[..<count]))
      // Between the members the file is complete, as far as anyone can tell.
      let error = failure { () throws(TableError) in try Table(contentsOf: .file(file.path), target: "colour") }
      #expect(error != nil, "\(count)")
      if count > 20 { #expect(error?.message.contains("breaks off") == true, "\(count): \(String(describing: error))") }
      let streamed = failure { () throws(TableError) in
        let stream = try TableStream(.file(file.path), schema: schema)
        while try stream.next(rows: 1000) != nil {}
      }
      #expect(streamed?.message.isEmpty == false, "\(count)")
    }
  }

  @Test("a flipped bit is an error, or one of the header that doesn't matter")
  func corrupt() throws {
    let whole = try TemporaryFile(packedTable)
    let table = try Table(contentsOf: .file(whole.path), target: "colour")
    for place in 2..<packedTable.count {
      var bytes = packedTable
      bytes[place] ^= 0x10
      let file = try TemporaryFile(bytes)
      do throws(TableError) {
        let other = try Table(contentsOf: .file(file.path), target: "colour")
        #expect(other.columns == table.columns, "byte \(place)")
      } catch {
        #expect(error.kind == .malformed, "byte \(place): \(error)")
      }
    }
  }
}
