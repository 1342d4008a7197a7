internal import DownhillCompute
internal import DownhillNetwork
public import DownhillTables

extension TargetEncoding {
  /// The task that a target column suggests, and why.
  ///
  /// Texts and yes or no are classes. Numbers are classes where they are few and whole; else values.
  public static func inferTask(of column: Column) -> (task: LearningTask, reason: String) {
    guard case .numbers(let numbers) = column.values else {
      return (.classification, "the target has \(column.classes.labels.count) distinct values that are not numbers")
    }
    if let distinct = column.distinctNumbers(atMost: mostNumberClasses), distinct.allSatisfy({ $0 == $0.rounded() }),
      distinct.count * 2 <= max(4, numbers.count)
    {
      return (.classification, "the target has \(distinct.count) distinct whole numbers")
    }
    return (.regression, "the target has \(numbers.distinctCount) distinct numbers")
  }

  private static let mostNumberClasses = 20

  /// Fitted to the answers: classes to all of `rows`, the scale of values to `trainingRows` alone.
  /// - Throws: `LearningError` where the answers don't suit the task.
  init(
    _ column: Column, task: LearningTask, rows: [Int32], trainingRows: [Int32], standardizes: Bool
  ) throws(LearningError) {
    switch task {
    case .classification:
      let labels = column.labels(of: rows)
      guard labels.count > 1 else {
        let found = labels.first.map { "only the value “\($0)”" } ?? "no value"
        throw LearningError("the target “\(column.name)” has \(found): there is nothing to tell apart")
      }
      guard labels.count <= Self.mostClasses else {
        throw LearningError(
          "the target “\(column.name)” has \(labels.count) distinct values; at most \(Self.mostClasses) classes can be "
            + "told apart. If it is a number to predict, ask for a regression")
      }
      self = .classes(labels: labels)
    case .regression:
      guard case .numbers(let numbers) = column.values else {
        let example = (0..<column.count).lazy.compactMap { column.text($0) }.first ?? ""
        throw LearningError(
          "the target “\(column.name)” holds texts such as “\(example)”; a regression predicts numbers. "
            + "Ask for a classification, or for another target", kind: .request)
      }
      let kind: NumberScaling.Kind = standardizes ? .standard : .none
      let scaling =
        numbers.isMapped
        ? NumberScaling(kind, fittingTo: StoredNumbers(numbers, at: trainingRows))
        : NumberScaling(kind, fitting: trainingRows.map { numbers[Int($0)] })
      // A target that never changes is predicted as it is.
      self = .value(scaling.scale > 0 ? scaling : NumberScaling(offset: scaling.offset, scale: 1))
    }
  }

  private static let mostClasses = 10_000

  /// The answers of some rows as a network is trained on them. Every one of them is there.
  func targets(_ column: Column, rows: [Int32]) -> Targets {
    defer { column.values.giveBack() }
    switch self {
    case .classes: return .classes(classes(of: column, rows: rows))
    case .value(let scaling):
      guard case .numbers(let numbers) = column.values else { preconditionFailure("values are numbers") }
      var matrix = Matrix(rows: rows.count, columns: 1)
      let target = matrix.mutableView().base
      numbers.withUnsafeBufferPointer { numbers in
        rows.withUnsafeBufferPointer { rows in
          if rows.count > 0 {
            scaling.loop().run(numbers.baseAddress!, EncodedRows(rows), to: target, marks: nil)
          }
        }
      }
      return .values(matrix)
    }
  }
}
