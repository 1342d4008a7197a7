internal import Synchronization

/// Asks training to stop after the step under way. May be set from anywhere, a signal handler too.
public final class StopSignal: Sendable {
  private let requested = Atomic<Bool>(false)

  public init() {}

  public func request() { requested.store(true, ordering: .releasing) }
  public var isRequested: Bool { requested.load(ordering: .acquiring) }
}
