public import DownhillTables

/// How rows are parted into those to train on, those that watch over training, and those held back to judge the result.
/// The columns have a value for each row of the examples.
public enum RowSplit: Sendable {
  /// Drawn at random, the same share of each class; where the learner doesn't shuffle, as the rows stand.
  case random
  /// Drawn at random as whole groups: rows with the same value are on the same side.
  case grouped(by: Column)
  /// The latest rows are held back, and the latest of the rest watch. Times are numbers or dates.
  case latest(by: Column)
  /// The column says it: `train`, `validation` or `test`, also `training`, `val`, `valid` or `holdout`, in any case.
  case given(by: Column)
}

extension RowSplit {
  /// The same for some of the rows.
  package func select(rows: [Int32]) -> RowSplit {
    switch self {
    case .random: .random
    case .grouped(let column): .grouped(by: column.select(rows: rows))
    case .latest(let column): .latest(by: column.select(rows: rows))
    case .given(let column): .given(by: column.select(rows: rows))
    }
  }
}

extension Table {
  /// A column to part rows by, learned from or set aside.
  /// - Throws: `LearningError` where there is none whose values are kept.
  public func column(_ name: String) throws(LearningError) -> Column {
    if let column = self[name] ?? aside.first(where: { $0.name == name }) { return column }
    let reason = schema[name].map { "is left out: \($0.reason)" } ?? "is not there"
    throw LearningError("\(source): the column “\(name)” \(reason)", kind: .request)
  }

  /// The weights that a column set aside holds, one a row.
  /// - Throws: `LearningError` with the place of one that is missing, negative or infinite.
  public func weights(_ name: String) throws(LearningError) -> ColumnStorage<Double> {
    guard case .numbers(let weights) = try column(name).values else {
      throw LearningError("\(source): the column “\(name)” holds texts; weights are numbers", kind: .request)
    }
    if let row = weights.firstIndex(where: { !($0 >= 0 && Float($0).isFinite) }) {
      let found = weights[row].isNaN ? "no weight" : "the weight \(weights[row])"
      throw LearningError(
        error(
          .mismatch, row: row, column: name,
          "\(found) where a number from 0 up was expected. Give every row one; 0 leaves it out of training."
        ).description)
    }
    return weights
  }
}

/// The part that a text names; nil: none.
enum NamedPart {
  case training, validation, holdout

  init?(_ text: String) {
    switch text.lowercased() {
    case "train", "training": self = .training
    case "validation", "valid", "val", "validate": self = .validation
    case "test", "testing", "holdout": self = .holdout
    default: return nil
    }
  }
}

extension RowSplit {
  /// Why rows can't be parted in folds that each take a turn; nil: they can.
  var whyNoFolds: String? {
    switch self {
    case .given: "a column says which rows these are"
    case .latest: "the latest rows can't take turns with earlier ones"
    case .random, .grouped: nil
    }
  }
}
