internal import Dispatch
public import DownhillFiles
internal import Synchronization

/// Records a run while it goes on. It writes on a thread of its own, about once a second, and whatever happens to the
/// database, the run neither waits for it nor fails: what went wrong is an error that can be asked for.
public final class RunRecorder: Sendable {
  private let path: String
  /// What waits to be written.
  private let state = Mutex(State())
  /// The database. Whoever holds it may take his time; nobody waits for him but the run's end.
  private let writer: Mutex<RunWriter>
  private let queue = DispatchQueue(label: "runs", qos: .utility)

  private struct State {
    var events: [PendingEvent] = []
    var isScheduled = false
    var lastWrite = ContinuousClock.now
    var id: Int?
    var problem: RunError?
  }

  /// Records that a run began.
  public init(_ run: Run, in path: String, createsFolder: Bool = false) {
    self.path = path
    writer = Mutex(RunWriter(run, path, createsFolder: createsFolder))
    _ = flush()
  }

  /// The run's number, once it is recorded.
  public var id: Int? { state.withLock(\.id) }

  /// Why the run is not recorded, or not wholly.
  public var problem: RunError? { state.withLock(\.problem) }

  /// Records an event.
  /// - Parameters:
  ///   - isDispensable: whether it may be left out where hundreds like it happen in a second.
  ///   - body: is called on another thread, or never.
  public func add(isDispensable: Bool = false, _ body: @escaping @Sendable () -> JSONValue) {
    let wait: Duration? = state.withLock { state in
      if state.problem != nil { return nil }
      state.events.append(PendingEvent(time: SystemClock.now, isDispensable: isDispensable, body: body))
      if state.isScheduled { return nil }
      state.isScheduled = true
      return max(.zero, .seconds(1) - (ContinuousClock.now - state.lastWrite))
    }
    guard let wait else { return }
    queue.asyncAfter(deadline: .now() + .milliseconds(Int(wait / .milliseconds(1)))) { _ = self.flush() }
  }

  /// Records how the run ended, and waits until that is done, some seconds at most.
  public func end(_ outcome: RunOutcome) {
    defer { writer.withLock { $0.close() } }
    let start = ContinuousClock.now
    while !flush(outcome) {
      if ContinuousClock.now - start > .seconds(5) {
        return fail(RunError(.busy, "\(path) is held by another process, which did not give it up for 5 s"))
      }
      _ = DispatchSemaphore(value: 0).wait(timeout: .now() + 0.02)
    }
  }

  /// Writes what waits.
  /// - Returns: whether it is settled: written, or known to be impossible. Otherwise another process holds the database.
  private func flush(_ outcome: RunOutcome? = nil) -> Bool {
    writer.withLock { writer in
      let (events, isHopeless) = state.withLock { state in
        defer { (state.events, state.isScheduled, state.lastWrite) = ([], false, .now) }
        return (state.events, state.problem != nil)
      }
      if isHopeless { return true }
      do throws(RunError) {
        let id = try writer.write(PendingEvent.thinned(events), outcome)
        state.withLock { $0.id = id }
      } catch {
        guard error.kind == .busy else {
          fail(error)
          return true
        }
        state.withLock { $0.events.insert(contentsOf: PendingEvent.thinned(events), at: 0) }
        return false
      }
      return true
    }
  }

  private func fail(_ error: RunError) { state.withLock { $0.problem = $0.problem ?? error } }
}

/// An event that is not yet written.
struct PendingEvent: Sendable {
  let time: Double
  let isDispensable: Bool
  let body: @Sendable () -> JSONValue

  /// Dispensable ones of a batch, so that a training of a million epochs doesn't fill the disk.
  static let most = 200

  /// All of a few; of many so many that lie evenly among them, the last one too, and all that are not dispensable.
  static func thinned(_ events: [Self]) -> [Self] {
    let many = events.count(where: \.isDispensable)
    if many <= most { return events }
    var seen = 0
    return events.filter { event in
      guard event.isDispensable else { return true }
      seen += 1
      return seen * most / many > (seen - 1) * most / many
    }
  }
}
