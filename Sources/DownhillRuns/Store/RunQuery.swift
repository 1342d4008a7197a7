/// Which runs, and in which order.
public struct RunQuery: Sendable {
  /// All of them must hold.
  public var filters: [RunFilter] = []
  /// A metric, an option of the configuration, or what `RunField` lists; nil: the newest first.
  public var sort: String?
  /// Runs without the value that is sorted by come last in any case.
  public var descending = false
  /// Nil: all.
  public var limit: Int?

  public init() {}
}

/// A condition on runs: `accuracy>0.9`, `status=completed`, `optimizer!=adam`, `data~penguins`.
public struct RunFilter: Sendable, Equatable {
  public enum Comparison: String, Sendable, CaseIterable {
    // The longer ones first: they are looked for in this order.
    case notEqual = "!=", atLeast = ">=", atMost = "<=", equal = "=", more = ">", less = "<", contains = "~"
  }

  public let name: String
  public let comparison: Comparison
  public let value: String

  /// - Throws: `RunError` of kind `badRequest`.
  public init(parsing text: String) throws(RunError) {
    guard let start = text.firstIndex(where: { "!<>=~".contains($0) }), start > text.startIndex,
      let comparison = Comparison.allCases.first(where: { text[start...].hasPrefix($0.rawValue) })
    else {
      throw RunError(
        .badRequest,
        "“\(text)” is no condition on runs. One is a name, one of = != < <= > >= ~ and a value: accuracy>0.9")
    }
    func trimmed(_ text: Substring) -> String {
      String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
    name = trimmed(text[..<start])
    self.comparison = comparison
    value = trimmed(text[start...].dropFirst(comparison.rawValue.count))
  }
}

/// What every run has besides metrics and options.
public enum RunField: String, Sendable, CaseIterable {
  case id, started, ended, status, task, data, target, epochs, bestEpoch, seconds, parameters, metricsOn, model, folder
  case revision
}
