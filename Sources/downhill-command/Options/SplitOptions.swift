import ArgumentParser
import Downhill

/// What columns say about rows: how much they count, and what they are for.
struct SplitOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The column that says how much each row counts in training: numbers from 0 up. It is not learned from.",
      valueName: "column"))
  var weights: String?

  @Option(
    help: ArgumentHelp(
      "Hold rows back by groups: those with the same value in a column, which is not learned from, stay together.",
      valueName: "column"))
  var splitBy: String?

  @Option(
    help: ArgumentHelp(
      "Hold the latest rows back, by a column of dates or numbers.", valueName: "column"))
  var splitTime: String?

  @Option(
    help: ArgumentHelp(
      "The column that says what each row is for: train, validation or test. It is not learned from.",
      valueName: "column"))
  var split: String?

  func validate() throws {
    if [splitBy, splitTime, split].compactMap({ $0 }).count > 1 {
      throw ValidationError("--split, --split-by and --split-time each say how rows are held back; give one of them")
    }
  }

  var isEmpty: Bool { weights == nil && splitBy == nil && splitTime == nil && split == nil }

  /// The columns that are read and not learned from; weights are numbers.
  func add(to overrides: inout SchemaOverrides) {
    for name in [weights, splitBy, split].compactMap({ $0 }) where !overrides.aside.contains(name) {
      overrides.aside.append(name)
    }
    if let weights, !overrides.numeric.contains(weights) { overrides.numeric.append(weights) }
  }

  func rule(for table: Table) throws -> RowSplit {
    if let splitBy { return .grouped(by: try table.column(splitBy)) }
    if let splitTime { return .latest(by: try table.column(splitTime)) }
    if let split { return .given(by: try table.column(split)) }
    return .random
  }
}
