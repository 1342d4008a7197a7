public import DownhillFiles

/// What came of a run.
public struct RunOutcome: Sendable {
  public var ended: Double
  public var status: Run.Status
  public var message: String?
  public var epochs: Int?
  public var bestEpoch: Int?
  public var seconds: Double?
  public var metricsOn: String?
  public var modelFingerprint: String?
  /// Those that are no finite numbers are left out.
  public var metrics: [String: Double] = [:]

  /// What the trials of a study came to; nil: it was none.
  public var study: JSONValue?
  /// Those of the result, where they were not known before.
  public var configuration: JSONValue?
  public var parameters: Int?

  public init(_ status: Run.Status, message: String? = nil, ended: Double = SystemClock.now) {
    (self.status, self.message, self.ended) = (status, message, ended)
  }
}
