internal import DownhillTables

/// What some rows are to answer, for choosing encodings by it.
struct RowAnswers {
  /// Numbers that are summed up: 0 or 1 for each class, or the value itself from the mean.
  private enum Values {
    case classes([Int32], count: Int)
    case numbers([Double])
  }

  /// Places in the table, ascending.
  let rows: [Int32]
  private let values: Values

  /// So many rows are enough to tell by.
  private static let mostRows = 200_000

  /// - Parameter rows: those with an answer; where they are very many, evenly spread ones of them are taken.
  init(_ column: Column, _ encoding: TargetEncoding, rows all: [Int32]) {
    let step = (all.count + Self.mostRows - 1) / Self.mostRows
    rows = step > 1 ? stride(from: 0, to: all.count, by: step).map { all[$0] } : all
    switch encoding {
    case .classes(let labels):
      values = .classes(encoding.classes(of: column, rows: rows), count: labels.count)
    case .value(let scaling):
      guard case .numbers(let numbers) = column.values else { preconditionFailure("values are numbers") }
      values = .numbers(rows.map { Double(scaling.apply(numbers[Int($0)])) })
    }
    column.values.giveBack()
  }

  /// How many numbers stand for an answer.
  var width: Int {
    switch values {
    case .classes(_, let count): count
    case .numbers: 1
    }
  }

  /// Adds what stands for the answer of a row, by its index, to sums; returns Σ of its squares.
  func add(_ index: Int, to sums: inout [Double], at start: Int) -> Double {
    switch values {
    case .classes(let codes, let count):
      let code = Int(codes[index])
      if (0..<count).contains(code) { sums[start + code] += 1 }
      return 1
    case .numbers(let numbers):
      sums[start] += numbers[index]
      return numbers[index] * numbers[index]
    }
  }
}

/// Finds numbers whose exact value tells more than its place among the others: codes, prices that stand for something, amounts
/// that a rule made. Their answers jump from one value to the next by more than chance, where those of a quantity change slowly.
///
/// The mean answers mᵢ of neighbouring values are compared by fourth differences Dᵢ = (mᵢ₋₂ − 4mᵢ₋₁ + 6mᵢ − 4mᵢ₊₁ + mᵢ₊₂) / √70,
/// in which whatever is smooth cancels (Gasser, Sroka and Jennen-Steinmetz, "Residual variance and residual pattern in nonlinear
/// regression", 1986). By chance alone Dᵢ² is sᵢ²qᵢ, with the variance sᵢ² of answers to equal values thereabouts and
/// qᵢ = Σ cⱼ² / nⱼ. Geostatisticians call what there is besides a nugget.
enum Roughness {
  /// Fewer values are told apart without help,
  private static let fewestValues = 20
  /// and of fewer rows with one value little can be learned.
  private static let fewestRowsOfEach = 10
  /// D² is so many times what chance makes of it,
  private static let leastRatio = 3.0
  /// and this share of the answers' variance.
  private static let leastShare = 0.01
  private static let differences = [1.0, -4, 6, -4, 1].map { $0 / 70.0.squareRoot() }

  /// The values that more than one row has, ascending; nil: the column isn't rough.
  static func values(of numbers: ColumnStorage<Double>, _ answers: RowAnswers) -> [Double]? {
    let groups = Groups(numbers, answers)
    numbers.giveBack()
    guard let groups, isRough(groups) else { return nil }
    return zip(groups.values, groups.counts).filter { $1 > 1 }.map(\.0)
  }

  private static func isRough(_ groups: Groups) -> Bool {
    let count = groups.values.count, width = groups.width
    // Of answers to equal values.
    let pooled = groups.squares.reduce(0, +) / (groups.total - Double(count))
    var ratio = 0.0, excess = 0.0, weights = 0.0
    for first in 0...(count - differences.count) {
      let window = first..<first + differences.count
      let q = zip(differences, window).reduce(0) { $0 + $1.0 * $1.0 / groups.counts[$1.1] }
      let freedom = window.reduce(0) { $0 + groups.counts[$1] - 1 }
      // Few rows know little of their own variance.
      let variance = (window.reduce(0) { $0 + groups.squares[$1] } + 5 * pooled) / (freedom + 5)
      var difference = 0.0
      for column in 0..<width {
        let d = zip(differences, window).reduce(0) { $0 + $1.0 * groups.means[$1.1 * width + column] }
        difference += d * d
      }
      if variance > 0 { ratio += difference / (variance * q) } else if difference > 0 { ratio = .infinity }
      excess += difference / q - variance
      weights += 1 / q
    }
    ratio /= Double(count - differences.count + 1)
    return ratio >= leastRatio && excess / weights >= leastShare * groups.variance && groups.variance > 0
  }

  /// The rows by the value that they have.
  private struct Groups {
    /// Ascending.
    var values: [Double] = []
    var counts: [Double] = []
    /// Of what stands for their answers.
    var means: [Double] = []
    /// Σ of squared differences from these.
    var squares: [Double] = []
    let width: Int
    let total: Double
    /// Of all answers.
    let variance: Double

    /// nil: too few values, or too many.
    init?(_ numbers: ColumnStorage<Double>, _ answers: RowAnswers) {
      width = answers.width
      var present = numbers.withUnsafeBufferPointer { numbers in
        answers.rows.indices.compactMap { index -> (number: Double, index: Int)? in
          let number = numbers[Int(answers.rows[index])]
          return number.isFinite ? (number == 0 ? 0 : number, index) : nil
        }
      }
      var distinct = Set<Double>()
      for (number, _) in present {
        distinct.insert(number)
        if distinct.count * fewestRowsOfEach > present.count { return nil }
      }
      guard distinct.count >= fewestValues, distinct.count * width <= 1 << 22 else { return nil }
      present.sort { ($0.number, $0.index) < ($1.number, $1.index) }
      total = Double(present.count)
      var sums = [Double](repeating: 0, count: width), all = 0.0
      for (number, index) in present {
        if values.last != number {
          values.append(number)
          counts.append(0)
          squares.append(0)
          means += repeatElement(0, count: width)
        }
        let place = values.count - 1
        counts[place] += 1
        squares[place] += answers.add(index, to: &means, at: place * width)
        all += answers.add(index, to: &sums, at: 0)
      }
      for place in values.indices {
        for column in place * width..<(place + 1) * width {
          means[column] /= counts[place]
          squares[place] -= means[column] * means[column] * counts[place]
        }
        squares[place] = max(0, squares[place])
      }
      variance = (all - sums.reduce(0) { $0 + $1 * $1 } / Double(present.count)) / Double(present.count)
    }
  }
}
