/// Rows with answers, and the model that is judged on each of them: the whole, or, of rows that an ensemble was trained on,
/// the member that has not learned from the row.
public struct Judgement: Sendable {
  public let examples: Examples
  public internal(set) var parts: [Part]

  public struct Part: Sendable {
    public let model: Model
    /// All of which have an answer.
    public let rows: [Int32]
  }

  /// A model on all rows that have an answer.
  /// - Throws: `LearningError` where none has.
  public init(_ model: Model, on examples: Examples) throws(LearningError) {
    let rows = examples.answered
    guard !rows.isEmpty else {
      throw LearningError("no row of \(examples.source) has a value in the target column “\(model.target)”")
    }
    self.init(examples: examples, parts: [Part(model: model, rows: rows)])
  }

  init(examples: Examples, parts: [Part]) { (self.examples, self.parts) = (examples, parts) }

  /// Part after part.
  public var rows: [Int32] { parts.flatMap(\.rows) }
}
