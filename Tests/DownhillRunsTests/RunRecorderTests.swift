import DownhillFiles
import DownhillRuns
import Foundation
import GRDB
import Testing

@Suite("Recording a run") struct RunRecorderTests {
  static func epoch(_ number: Int) -> JSONValue { ["event": "epoch", "epoch": JSONValue(number)] }

  /// A connection that may hold the database for long.
  private static func holder(_ path: String) throws -> DatabaseQueue {
    var configuration = Configuration()
    configuration.allowsUnsafeTransactions = true
    return try DatabaseQueue(path: path, configuration: configuration)
  }

  @Test("A run is there from its beginning, its events soon, and its outcome at its end")
  func course() async throws {
    let scratch = try Scratch()
    let path = scratch.path("r.sqlite")
    let recorder = RunRecorder(.example(status: .running), in: path)
    let store = try RunStore(path, for: .reading)
    #expect(recorder.id == 1)
    #expect(try store.run(1).status == .running)
    recorder.add { Self.epoch(1) }
    // Without another event that would drive it.
    for _ in 0..<100 where try store.events(of: 1).isEmpty { try await Task.sleep(for: .milliseconds(100)) }
    #expect(try store.events(of: 1).map(\.body) == [Self.epoch(1)])
    recorder.add { Self.epoch(2) }
    var outcome = RunOutcome(.stoppedEarly)
    (outcome.metrics, outcome.epochs) = (["accuracy": 0.75, "auc": .nan], 2)
    recorder.end(outcome)
    let run = try store.run(1)
    #expect(run.status == .stoppedEarly && run.metrics == ["accuracy": 0.75] && run.epochs == 2 && run.ended != nil)
    #expect(try store.events(of: 1).map(\.body) == [Self.epoch(1), Self.epoch(2)])
    #expect(recorder.problem == nil)
  }

  @Test("Of a million epochs in a moment a few hundred are kept, evenly, with the last and with all that are no epochs")
  func thinned() throws {
    let scratch = try Scratch()
    let recorder = RunRecorder(.example(status: .running), in: scratch.path("r.sqlite"))
    recorder.add { ["event": "began"] }
    let count = 100_000
    for number in 1...count { recorder.add(isDispensable: true) { Self.epoch(number) } }
    recorder.add { ["event": "ended"] }
    recorder.end(RunOutcome(.completed))
    let events = try RunStore(scratch.path("r.sqlite"), for: .reading).events(of: 1).map(\.body)
    #expect(events.first?["event"] == "began" && events.last?["event"] == "ended")
    let epochs = events.compactMap { $0["epoch"]?.integer }
    #expect(epochs.last == count && (200...2000).contains(epochs.count), "\(epochs.count)")
    #expect(epochs == epochs.sorted())
  }

  @Test("While another process holds the database nobody waits, and when it lets go all is recorded")
  func locked() async throws {
    let scratch = try Scratch()
    let path = scratch.path("r.sqlite")
    let recorder = RunRecorder(.example(status: .running), in: path)
    let other = try Self.holder(path)
    let clock = ContinuousClock()
    try other.inDatabase { database in try database.execute(sql: "BEGIN EXCLUSIVE") }
    let time = clock.measure { for number in 1...100 { recorder.add { Self.epoch(number) } } }
    #expect(time < .milliseconds(200))
    // Long enough for an attempt that fails.
    try await Task.sleep(for: .milliseconds(2000))
    let more = clock.measure { recorder.add { Self.epoch(101) } }
    #expect(more < .milliseconds(100) && recorder.problem == nil)
    try other.inDatabase { database in try database.execute(sql: "COMMIT") }
    recorder.end(RunOutcome(.completed))
    #expect(recorder.problem == nil)
    let store = try RunStore(path, for: .reading)
    #expect(try store.events(of: 1).map(\.body) == (1...101).map(Self.epoch))
    #expect(try store.run(1).status == .completed)
  }

  @Test("A database that is never let go of costs some seconds at the end, and is told of")
  func heldForever() throws {
    let scratch = try Scratch()
    let path = scratch.path("r.sqlite")
    let other = try Self.holder(path)
    try other.inDatabase { database in try database.execute(sql: "BEGIN EXCLUSIVE") }
    let clock = ContinuousClock()
    let recorder = RunRecorder(.example(status: .running), in: path)
    #expect(recorder.problem == nil && recorder.id == nil)
    #expect(clock.measure { recorder.end(RunOutcome(.completed)) } < .seconds(20))
    #expect(recorder.problem?.kind == .busy)
    try other.inDatabase { database in try database.execute(sql: "ROLLBACK") }
  }

  @Test("A run that is deleted while it goes on ends its record, not itself")
  func deleted() throws {
    let scratch = try Scratch()
    let recorder = RunRecorder(.example(status: .running), in: scratch.path("r.sqlite"))
    let other = try DatabaseQueue(path: scratch.path("r.sqlite"))
    try other.write { try $0.execute(sql: "DELETE FROM run") }
    recorder.add { Self.epoch(1) }
    recorder.end(RunOutcome(.completed))
    #expect(recorder.problem?.message.contains("run 1 was deleted") == true, "\(recorder.problem?.message ?? "")")
  }

  @Test("Recorders that begin in one moment where there is no database yet all get a number")
  func race() async throws {
    let scratch = try Scratch()
    for round in 0..<5 {
      let path = scratch.path("r\(round).sqlite")
      let ids = await withTaskGroup(of: Int?.self) { group in
        for _ in 0..<8 {
          group.addTask {
            let recorder = RunRecorder(.example(status: .running), in: path)
            recorder.add { Self.epoch(1) }
            recorder.end(RunOutcome(.completed))
            return recorder.id
          }
        }
        return await group.reduce(into: []) { $0.append($1) }
      }
      #expect(ids.compactMap(\.self).sorted() == Array(1...8))
      let store = try RunStore(path, for: .reading)
      for id in 1...8 { #expect(try store.events(of: id).count == 1 && store.run(id).status == .completed) }
    }
  }
}
