import DownhillTables
import Foundation
import Testing

/// A folder that lives as long as this value.
final class TemporaryFolder: Sendable {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "downhill-cache-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func path(_ name: String) -> String { url.appending(path: name).path() }

  func write(_ name: String, _ text: String) throws -> String {
    try text.write(toFile: path(name), atomically: false, encoding: .utf8)
    return path(name)
  }

  var names: [String] { (try? FileManager.default.contentsOfDirectory(atPath: url.path()).sorted()) ?? [] }
}

@Suite("Tables read through a cache") struct CacheTests {
  /// Few rows at a time, so that small tables have many chunks.
  private func cache(_ rows: Int = 4, folder: String? = nil) -> TableCache {
    var cache = TableCache(.always, folder: folder)
    cache.chunkRows = rows
    return cache
  }

  /// Reads, and says what happened: "building …", "built …", "reading …".
  private func read(
    _ paths: [String], _ cache: TableCache, format: CSVFormat = CSVFormat(),
    overrides: SchemaOverrides = SchemaOverrides(), target: String? = nil
  ) throws -> (table: Table, events: [TableCache.Event]) {
    var events: [TableCache.Event] = []
    let table = try Table(
      contentsOf: paths.map { .file($0) }, format: format, overrides: overrides, target: target, cache: cache
    ) { events.append($0) }
    return (table, events)
  }

  private func expectSame(_ cached: Table, _ table: Table) {
    #expect(cached.columns == table.columns)
    #expect(cached.schema == table.schema)
    #expect(cached.lines == table.lines)
    #expect(cached.aside == table.aside)
    #expect(cached.format == table.format)
    #expect(cached.skipped == table.skipped)
    #expect(cached.notes == table.notes)
    #expect(cached.source == table.source)
    #expect(
      cached.error(.mismatch, row: table.rowCount - 1, column: "a", "x")
        == table.error(.mismatch, row: table.rowCount - 1, column: "a", "x"))
  }

  struct Sample: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let text: String
    var format = CSVFormat()
    var overrides = SchemaOverrides()
    var target: String?
  }

  static let samples: [Sample] = {
    func rows(_ count: Int, _ row: (Int) -> String) -> String { (0..<count).map { row($0) + "\n" }.joined() }
    let notNumbers = CSVFormat(missing: ["-999"])
    var skipping = CSVFormat()
    skipping.skipsBadRows = true
    return [
      Sample(
        testDescription: "numbers, some missing",
        text: "a,b,c\n" + rows(50) { "\($0 * 7 % 13),\($0 % 5 == 0 ? "" : "\(Double($0) / 8)"),-\($0)e-3" }),
      Sample(
        testDescription: "a text after many numbers",
        text: "a,b\n" + rows(41) { "\($0),\($0 == 37 ? "none" : "\($0 % 3)")" }),
      Sample(
        testDescription: "texts behind missing ones",
        text: "a,b\n" + rows(30) { "\($0),\($0 < 9 ? "NA" : "x\($0 % 4)")" }),
      Sample(
        testDescription: "a category that comes last and sorts first",
        text: "a,b\n" + rows(30) { "\($0),\($0 == 29 ? "a" : "z\($0 % 2)")" }),
      Sample(
        testDescription: "yes and no",
        text: "a,b,c\n"
          + rows(30) { "\($0 % 4),\($0 % 3 == 0 ? "yes" : "no"),\($0 % 7 == 0 ? "" : "TRUE")\($0 % 7 == 1 ? "" : "")" }),
      Sample(
        testDescription: "dates", text: "when,b\n" + rows(40) { "2026-0\(1 + $0 % 9)-1\($0 % 8),\($0 % 6)" }),
      Sample(
        testDescription: "dates that can't all be read, as asked",
        text: "when,b\n" + rows(40) { "\($0 % 9 == 3 ? "soon" : "\(10 + $0 % 20).11.2026"),\($0 % 6)" },
        overrides: SchemaOverrides(dates: ["when"])),
      Sample(testDescription: "keys and constants", text: "user_id,b,c\n" + rows(30) { "\(1000 - $0),same,\($0 % 5)" }),
      Sample(
        testDescription: "the number of the row", text: "n,b,c\n" + rows(30) { "\($0),\($0 % 5),\($0 % 3)" },
        target: "c"),
      Sample(testDescription: "texts that differ everywhere", text: "t,b\n" + rows(40) { "text \($0),\($0 % 3)" }),
      Sample(
        testDescription: "number codes, as asked", text: "a,b\n" + rows(30) { "0\($0 % 4),\($0 % 3)" },
        overrides: SchemaOverrides(categorical: ["a"])),
      Sample(
        testDescription: "columns set aside and ignored",
        text: "a,w,g,b\n" + rows(30) { "\($0 % 4),\($0 % 3),g\($0 % 5),\($0)" },
        overrides: SchemaOverrides(numeric: ["w"], ignore: ["a"], aside: ["g", "w"]), target: "b"),
      Sample(testDescription: "quotes over lines", text: "a,b\n" + rows(30) { "\"x,\n\($0 % 4)\",\($0)" }),
      Sample(testDescription: "empty lines", text: "a,b\n\n" + rows(30) { "\($0),\($0 % 7)\n" }),
      Sample(
        testDescription: "bad rows, passed over",
        text: "a,b\n" + rows(50) { $0 % 8 == 5 ? "stray text \($0)" : "t\($0 % 5),\($0)" }, format: skipping),
      Sample(
        testDescription: "marks of missing values",
        text: "a,b\n" + rows(30) { "\($0 % 5 == 0 ? "-999" : "\($0)"),x\($0 % 2)" }, format: notNumbers),
      Sample(testDescription: "no column names", text: rows(30) { "\($0),\($0 % 3)" }),
      Sample(
        testDescription: "letters of all kinds",
        text: "a;b\n" + rows(30) { "\(["é", "e\u{301}", "ß", "日本"][$0 % 4]);\($0)" }),
      Sample(testDescription: "one row", text: "a,b\n1,x\n"),
    ]
  }()

  @Test("the table is that of reading without a cache, however many rows are read at a time", arguments: samples)
  func same(sample: Sample) throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("t.csv", sample.text)
    let table = try Table(
      contentsOf: .file(path), format: sample.format, overrides: sample.overrides, target: sample.target)
    for rows in [1, 4, 7, 1000] {
      let (built, events) = try read(
        [path], cache(rows), format: sample.format, overrides: sample.overrides, target: sample.target)
      guard case .building? = events.first, case .built? = events.last else { return #expect(Bool(false), "\(events)") }
      expectSame(built, table)
      let (found, later) = try read(
        [path], cache(rows), format: sample.format, overrides: sample.overrides, target: sample.target)
      guard case .found? = later.first, later.count == 1 else { return #expect(Bool(false), "\(later)") }
      expectSame(found, table)
      try FileManager.default.removeItem(atPath: path + ".downhill-cache")
    }
    #expect(folder.names == ["t.csv"])
  }

  @Test("Latin-1 and gzip are read as without a cache")
  func encodings() throws {
    let folder = try TemporaryFolder()
    let latin = folder.path("l.csv")
    var bytes = Array("a,b\n".utf8)
    for row in 0..<60 { bytes += Array("\(row),".utf8) + (row % 7 == 6 ? [0xE9] : [0x65]) + [0x0A] }
    try Data(bytes).write(to: URL(filePath: latin))
    expectSame(try read([latin], cache()).table, try Table(contentsOf: .file(latin)))
    let packed = folder.path("p.csv.gz")
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = [
      "-c",
      "gzip -c '\(try folder.write("p.csv", "a,b\n" + String(repeating: "1,x\n2,y\n", count: 900)))' > '\(packed)'",
    ]
    try process.run()
    process.waitUntilExit()
    expectSame(try read([packed], cache(100)).table, try Table(contentsOf: .file(packed)))
  }

  @Test("several files are one table, whose errors name the right one; a text may come late in the last")
  func severalFiles() throws {
    let folder = try TemporaryFolder()
    let first = try folder.write("a.csv", "a,b,c\n" + (0..<20).map { "\($0),\($0 % 3),x\n" }.joined())
    let second = try folder.write("b.csv", "c,a,b\n" + (0..<9).map { "y,\($0),\($0 == 8 ? "late" : "1")\n" }.joined())
    let (built, _) = try read([first, second], cache())
    let table = try Table(contentsOf: [.file(first), .file(second)])
    expectSame(built, table)
    let (found, events) = try read([first, second], cache())
    #expect(events.count == 1)
    expectSame(found, table)
    // The first alone is another table, whose cache takes that one's place.
    #expect(try read([first], cache()).events.count == 2)
    #expect(folder.names == ["a.csv", "a.csv.downhill-cache", "b.csv"])
  }

  @Test("a cache of an earlier state of the file, or of another question, is built anew")
  func stale() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("t.csv", "a,b\n1,2\n3,4\n5,7\n")
    _ = try read([path], cache())
    _ = try folder.write("t.csv", "a,b\n1,2\n3,4\n5,8\n")
    var (table, events) = try read([path], cache())
    guard case .building(_, let reason)? = events.first else { return #expect(Bool(false), "\(events)") }
    #expect(reason.contains("the data have changed"), "\(reason)")
    #expect(table["b"]?.values == .numbers([2, 4, 8]))
    (table, events) = try read([path], cache(), overrides: SchemaOverrides(categorical: ["b"]))
    guard case .building(_, let other)? = events.first else { return #expect(Bool(false), "\(events)") }
    #expect(other.contains("other options"), "\(other)")
    #expect(table["b"]?.values == .categories(codes: [0, 1, 2], names: ["2", "4", "8"]))
  }

  @Test("a cache that is cut short, altered anywhere or of another kind is built anew")
  func damaged() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(
      "t.csv", "a,b,when\n" + (0..<40).map { "\($0 % 9),x\($0 % 3),2026-01-\(10 + $0 % 9)\n" }.joined())
    let table = try Table(contentsOf: .file(path))
    _ = try read([path], cache())
    let file = URL(filePath: path + ".downhill-cache")
    let whole = try Data(contentsOf: file)
    var faults: [Data] = [
      Data(), Data("a,b\n1,2\n".utf8), whole.prefix(100), whole.prefix(whole.count - 1), whole + [0],
    ]
    // The head, each column, the lines, and the content.
    let values = (1...4).map { $0 << 14 }
    for place in [0, 17, 25, 33, 41] + values.flatMap({ [$0, $0 + 9] }) + [whole.count - 300, whole.count - 2] {
      var altered = whole
      altered[place] ^= 0x10
      faults.append(altered)
    }
    for (index, fault) in faults.enumerated() {
      try fault.write(to: file)
      let (again, events) = try read([path], cache())
      guard case .building(_, let reason)? = events.first else {
        #expect(Bool(false), "fault \(index): \(events)")
        continue
      }
      #expect(reason.hasPrefix("that which is there can't be used"), "\(reason)")
      expectSame(again, table)
      #expect(try Data(contentsOf: file) == whole)
    }
    #expect(folder.names == ["t.csv", "t.csv.downhill-cache"])
  }

  @Test("where nothing can be written next to the table, the cache has no name and is gone afterwards")
  func noPlace() throws {
    let folder = try TemporaryFolder()
    // With the cache's ending the name is longer than names may be.
    let path = try folder.write(String(repeating: "n", count: 245) + ".csv", "a,b\n1,x\n2,y\n3,x\n")
    let (table, events) = try read([path], cache())
    guard case .building(let place, let reason)? = events.first else { return #expect(Bool(false), "\(events)") }
    #expect(place.contains("for this once") && reason.contains("can't be written"), "\(place) \(reason)")
    expectSame(table, try Table(contentsOf: .file(path)))
    #expect(folder.names.count == 1)
    // A folder that was named is meant.
    #expect(throws: (any Error).self) { try read([path], cache(folder: folder.path("nowhere"))) }
  }

  @Test("the cache stands in the folder that is named")
  func namedFolder() throws {
    let (folder, other) = (try TemporaryFolder(), try TemporaryFolder())
    let path = try folder.write("t.csv", "a,b\n1,x\n2,y\n")
    _ = try read([path], cache(folder: other.url.path()))
    #expect(folder.names == ["t.csv"] && other.names == ["t.csv.downhill-cache"])
    #expect(try read([path], cache(folder: other.url.path())).events.count == 1)
  }

  @Test("a table with a fault leaves no cache, and the fault is the same as without one")
  func faults() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("t.csv", "a,b\n" + (0..<30).map { $0 == 22 ? "1,2,3\n" : "\($0),2\n" }.joined())
    let expected = failure { () throws(TableError) in try Table(contentsOf: .file(path)) }
    let found = #expect(throws: TableError.self) { try read([path], cache()) }
    #expect(found == expected && found?.line == 24)
    let missing = #expect(throws: TableError.self) { try read([folder.path("no.csv")], cache()) }
    #expect(missing?.kind == .cannotOpen)
    let asked = #expect(throws: TableError.self) { try read([path], cache(), target: "c") }
    #expect(asked?.kind == .badRequest)
    let input = #expect(throws: TableError.self) {
      try Table(contentsOf: [.text("a\n1\n", name: "x")], cache: TableCache(.always))
    }
    #expect(input?.kind == .badRequest)
    #expect(folder.names == ["t.csv"])
  }

  @Test("several that read a table at once each get it, and one cache is left")
  func atOnce() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("t.csv", "a,b\n" + (0..<3000).map { "\($0),x\($0 % 7)\n" }.joined())
    let table = try Table(contentsOf: .file(path))
    DispatchQueue.concurrentPerform(iterations: 6) { _ in
      for _ in 0..<3 {
        do { expectSame(try read([path], cache(100)).table, table) } catch { Issue.record(error) }
      }
    }
    #expect(folder.names == ["t.csv", "t.csv.downhill-cache"])
    #expect(try read([path], cache(100)).events.count == 1)
  }

  @Test("small tables are read without a cache unless one is asked for")
  func automatic() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("t.csv", "a,b\n1,x\n2,y\n")
    #expect(try read([path], TableCache()).events.isEmpty)
    #expect(try read([path], TableCache(.never)).events.isEmpty)
    #expect(folder.names == ["t.csv"])
  }
}
