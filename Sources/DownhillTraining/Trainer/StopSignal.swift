internal import Synchronization

/// Asks training to stop after the step under way. May be set from anywhere, a signal handler too.
public final class StopSignal: Sendable {
  private let requested = Atomic<Bool>(false)
  private let other: StopSignal?

  public init() { other = nil }

  /// One that is requested where another is, too.
  package init(after other: StopSignal?) { self.other = other }

  public func request() { requested.store(true, ordering: .releasing) }
  public var isRequested: Bool { requested.load(ordering: .acquiring) || other?.isRequested == true }
}
