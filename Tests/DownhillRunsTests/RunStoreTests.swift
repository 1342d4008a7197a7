import DownhillFiles
import DownhillRuns
import Foundation
import Testing

@Suite("The database of runs") struct RunStoreTests {
  @Test("What is recorded is read back as it was")
  func roundTrip() throws {
    let scratch = try Scratch()
    let store = try RunStore(scratch.path("r.sqlite"), for: .writing)
    var run = Run.example(
      ["accuracy": 0.1 + 0.2, "logLoss": .leastNonzeroMagnitude], options: [("layers", [3, 4]), ("loss", "“x”'\"")])
    (run.ended, run.epochs, run.bestEpoch, run.seconds) = (1_700_000_001.5, 20, 13, 1.25)
    (run.metricsOn, run.modelFingerprint, run.message) = ("holdout", "3 bytes, XXH64 0", "a\nb")
    let events = [
      RunEvent(time: 1, body: ["event": "began"]), RunEvent(time: 2, body: ["event": "epoch", "loss": 0.5]),
    ]
    #expect(try store.insert([(run, events)]) == [1])
    run.id = 1
    let reader = try RunStore(scratch.path("r.sqlite"), for: .reading)
    #expect(try reader.run(1) == run)
    #expect(try reader.events(of: 1) == events)
    #expect(try reader.runs(whole: true) == [run])
    #expect(throws: RunError.self) { try reader.run(2) }
  }

  @Test("Runs are sorted by metrics, fields and options, and those without the value come last either way")
  func sorting() throws {
    let scratch = try Scratch()
    let store = try RunStore(scratch.path("r.sqlite"), for: .writing)
    try store.insert([
      (.example(["accuracy": 0.5], options: [("rate", 0.3)]), []), (.example(), []),
      (.example(["accuracy": 0.9], options: [("rate", 0.1)]), []),
      (.example(["accuracy": 0.7], options: [("rate", 0.2)]), []),
    ])
    func ids(_ sort: String?, descending: Bool = false, limit: Int? = nil) throws -> [Int] {
      var query = RunQuery()
      (query.sort, query.descending, query.limit) = (sort, descending, limit)
      return try store.runs(query).map(\.id)
    }
    #expect(try ids("accuracy", descending: true) == [3, 4, 1, 2])
    #expect(try ids("accuracy") == [1, 4, 3, 2])
    #expect(try ids("rate") == [3, 4, 1, 2])
    #expect(try ids("id") == [1, 2, 3, 4])
    #expect(try ids(nil) == [4, 3, 2, 1])
    #expect(try ids("accuracy", descending: true, limit: 2) == [3, 4])
    let error = #expect(throws: RunError.self) { try ids("acuracy") }
    #expect(error?.message.contains("“acuracy”. Metrics: accuracy;") == true, "\(error?.message ?? "")")
    // Names are never read as SQL.
    #expect(throws: RunError.self) { try ids("id; DROP TABLE run") }
    #expect(try ids("id").count == 4)
  }

  @Test(
    "Conditions choose the runs that meet them",
    arguments: [
      ("accuracy>0.7", [2]), ("accuracy>=0.7", [2, 3]), ("accuracy < 0.7", [1]), ("accuracy=0.9", [2]),
      ("status=failed", [4]), ("status!=failed", [1, 2, 3]), ("data~PENGUIN", [1, 2, 3, 4]), ("data=x", []),
      ("optimizer=adam", [1]), ("optimizer!=adam", [2, 3, 4]), ("refit=true", [3]), ("refit=false", [2]),
      ("rate<=1e-2", [2]), ("layers=[3,4]", [1]), ("label=7", [2]), ("id<3", [1, 2]), ("metricsOn=holdout", []),
      ("target=species' OR 1=1 --", []),
    ])
  func conditions(text: String, expected: [Int]) throws {
    let scratch = try Scratch()
    let store = try RunStore(scratch.path("r.sqlite"), for: .writing)
    try store.insert([
      (.example(["accuracy": 0.5], options: [("optimizer", "adam"), ("layers", [3, 4]), ("rate", 0.1)]), []),
      (
        .example(["accuracy": 0.9], options: [("optimizer", "sgd"), ("refit", false), ("rate", 0.01), ("label", "7")]),
        []
      ),
      (.example(["accuracy": 0.7], options: [("refit", true)]), []), (.example(status: .failed), []),
    ])
    var query = RunQuery()
    (query.filters, query.sort) = ([try RunFilter(parsing: text)], "id")
    #expect(try store.runs(query).map(\.id) == expected)
    #expect(try store.count(query.filters) == expected.count)
  }

  @Test("What is no condition is refused", arguments: ["", "accuracy", "=3", ">0.5"])
  func noCondition(text: String) {
    #expect(throws: RunError.self) { try RunFilter(parsing: text) }
  }

  @Test("A number is never given twice, and what is deleted is gone with its events; all or none are deleted")
  func deletion() throws {
    let scratch = try Scratch()
    let store = try RunStore(scratch.path("r.sqlite"), for: .writing)
    let event = RunEvent(time: 1, body: ["event": "began"])
    try store.insert([(.example(["accuracy": 1]), [event]), (.example(["accuracy": 1]), [event])])
    #expect(throws: RunError.self) { try store.delete([1, 9]) }
    #expect(try store.count() == 2)
    try store.delete([2])
    #expect(try store.events(of: 2).isEmpty)
    #expect(try store.insert([(.example(), [])]) == [3])
    #expect(try store.runs().map(\.metrics) == [[:], ["accuracy": 1]])
    try store.insert([(.example(status: .running), [])])
    let error = #expect(throws: RunError.self) { try store.delete([1, 4]) }
    #expect(error?.kind == .badRequest && error?.message.contains("still running") == true)
    #expect(try store.count() == 3)
  }

  /// Where SQLite's file format has them (sqlite.org/fileformat2.html): big-endian words at the end.
  private static let userVersion = 63, applicationID = 71

  @Test("A newer database, another program's and a damaged one are refused, read or written, and stay as they are")
  func refused() throws {
    let scratch = try Scratch()
    func check(_ kind: RunError.Kind, _ text: String, _ body: (inout [UInt8]) -> Void) throws {
      for suffix in ["", "-wal", "-shm"] {
        try? FileManager.default.removeItem(atPath: scratch.path("r.sqlite\(suffix)"))
      }
      do { try RunStore(scratch.path("r.sqlite"), for: .writing).insert([(.example(), [])]) }
      try scratch.edit("r.sqlite", body)
      let before = try Data(contentsOf: scratch.url.appending(path: "r.sqlite"))
      for access in [RunStore.Access.reading, .writing] {
        let error = #expect(throws: RunError.self) { try RunStore(scratch.path("r.sqlite"), for: access).runs() }
        #expect(error?.kind == kind && error?.message.contains(text) == true, "\(error?.message ?? "")")
      }
      #expect(try Data(contentsOf: scratch.url.appending(path: "r.sqlite")) == before)
    }
    try check(.newer, "written by a newer Downhill: version 9") { $0[Self.userVersion] = 9 }
    try check(.malformed, "not one of Downhill's runs") { $0[Self.applicationID] = 0 }
    try check(.malformed, "damaged or no database") {
      $0.replaceSubrange(0..<16, with: Array("a,b,c\n1,2,3\n4,5\n".utf8))
    }
    try check(.malformed, "damaged") { bytes in for place in 100..<bytes.count { bytes[place] = 0x5A } }
  }

  @Test("Where nothing is recorded the message says so, and nothing is made")
  func missing() throws {
    let scratch = try Scratch()
    let error = #expect(throws: RunError.self) { try RunStore(scratch.path("r.sqlite"), for: .reading) }
    #expect(error?.kind == .missing)
    #expect(!FileManager.default.fileExists(atPath: scratch.path("r.sqlite")))
    #expect(throws: RunError.self) { try RunStore(scratch.path(""), for: .writing) }
    #expect(throws: RunError.self) { try RunStore(scratch.path("no/r.sqlite"), for: .writing) }
  }
}
