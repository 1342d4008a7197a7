/// How often each class was taken for which: a row for each true class, a column for each predicted one.
///
/// With sample weights an entry is the sum of the weights of its rows. A row of weight 0 counts for nothing, as if it
/// were not there.
///
/// Memory follows the rows, not the square of the classes: only entries that are not 0 are kept.
public struct ConfusionMatrix: Sendable, Equatable {
  public let classes: Int
  /// The entries that are not 0, row by row.
  private let entries: [Entry]
  private let tallies: ClassTallies

  private struct Entry: Sendable, Equatable {
    /// truth · classes + predicted
    let place: Int
    let count: Double
  }

  /// - Parameters:
  ///   - truth: the true class of each row, 0 ..< classes.
  ///   - predicted: the predicted class of each row, 0 ..< classes.
  ///   - weights: one a row, 0 or above; nil: all 1.
  public init(classes: Int, truth: [Int32], predicted: [Int32], weights: [Float]? = nil) {
    precondition(
      classes >= 0 && truth.count == predicted.count, "\(truth.count) labels, \(predicted.count) predictions")
    precondition(weights == nil || weights?.count == truth.count, "one weight a row")
    var counts: [Int: Double] = [:]
    for row in truth.indices {
      let (right, taken) = (Int(truth[row]), Int(predicted[row]))
      precondition(
        right >= 0 && right < classes && taken >= 0 && taken < classes,
        "row \(row): class \(right), predicted \(taken), of \(classes)")
      counts[right * classes + taken, default: 0] += Double(weights?[row] ?? 1)
    }
    self.init(classes: classes, counts)
  }

  private init(classes: Int, _ counts: [Int: Double]) {
    self.classes = classes
    entries = counts.filter { $0.value != 0 }.sorted { $0.key < $1.key }.map { Entry(place: $0.key, count: $0.value) }
    var tallies = ClassTallies(classes: classes)
    for entry in entries {
      tallies.add(entry.count, truth: entry.place / classes, predicted: entry.place % classes)
    }
    self.tallies = tallies
  }

  /// All entries, row by row.
  public var counts: [Double] {
    var counts = [Double](repeating: 0, count: classes * classes)
    for entry in entries { counts[entry.place] = entry.count }
    return counts
  }

  /// How often a true class was taken for a predicted one.
  public subscript(truth: Int, predicted: Int) -> Double {
    precondition(
      truth >= 0 && truth < classes && predicted >= 0 && predicted < classes, "[\(truth), \(predicted)] of \(classes)")
    let place = truth * classes + predicted
    var (low, high) = (0, entries.count)
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].place < place { low = middle + 1 } else { high = middle }
    }
    return low < entries.count && entries[low].place == place ? entries[low].count : 0
  }

  /// The sum of all entries: the rows, or their weights.
  public var total: Double { tallies.total }

  /// The part of the rows that is predicted right. NaN without rows.
  public var accuracy: Double { tallies.accuracy }

  /// The mean of the recalls of the classes that occur in truth. NaN without rows.
  ///
  /// The recall of a class is the part of its rows that is predicted right.
  public var balancedAccuracy: Double { tallies.balancedAccuracy }

  /// The mean of F₁ = 2 · right / (true + predicted) over the classes that occur, in truth or in prediction. NaN without
  /// rows.
  public var macroF1: Double { tallies.macroF1 }

  /// How often a class is the true one.
  public func occurrences(_ truth: Int) -> Double { tallies.occurrences[truth] }

  /// How often a class is predicted.
  public func predictions(_ predicted: Int) -> Double { tallies.predictions[predicted] }
}

extension ConfusionMatrix: Codable {
  private enum CodingKeys: CodingKey { case classes, counts }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let classes = try container.decode(Int.self, forKey: .classes)
    let counts = try container.decode([Double].self, forKey: .counts)
    let (size, overflow) = classes.multipliedReportingOverflow(by: classes)
    guard classes >= 0, !overflow, counts.count == size else {
      throw DecodingError.dataCorruptedError(
        forKey: .counts, in: container, debugDescription: "\(counts.count) counts for \(classes) classes")
    }
    self.init(classes: classes, Dictionary(uniqueKeysWithValues: counts.enumerated().map { ($0, $1) }))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(classes, forKey: .classes)
    try container.encode(counts, forKey: .counts)
  }
}

extension ConfusionMatrix: CustomStringConvertible {
  public var description: String { table(labels: (0..<classes).map(String.init)) }

  /// The matrix as text: a line for each true class, a column for each predicted one.
  ///
  ///     true ↓ predicted →  Adelie  Gentoo
  ///                 Adelie      50       2
  ///                 Gentoo       0      39
  public func table(labels: [String]) -> String {
    precondition(labels.count == classes, "\(labels.count) labels for \(classes) classes")
    let corner = "true ↓ predicted →"
    let numbers = counts.map(Self.shown)
    let first = ([corner] + labels).map(\.count).max() ?? 0
    func padded(_ text: String, _ width: Int) -> String {
      String(repeating: " ", count: max(0, width - text.count)) + text
    }
    let widths = (0..<classes).map { column in
      ([labels[column]] + (0..<classes).map { numbers[$0 * classes + column] }).map(\.count).max() ?? 0
    }
    func line(_ head: String, _ cells: [String]) -> String {
      ([padded(head, first)] + zip(cells, widths).map { padded($0, $1) }).joined(separator: "  ")
    }
    let rows = (0..<classes).map { line(labels[$0], Array(numbers[$0 * classes..<($0 + 1) * classes])) }
    return ([line(corner, labels)] + rows).joined(separator: "\n")
  }

  /// Whole numbers without a point, sums of weights with two decimals.
  private static func shown(_ count: Double) -> String {
    guard let hundredths = Int(exactly: (count * 100).rounded()) else { return "\(count)" }
    let (whole, rest) = hundredths.quotientAndRemainder(dividingBy: 100)
    return rest == 0 ? "\(whole)" : "\(whole).\(rest < 10 ? "0" : "")\(rest)"
  }
}
