internal import DownhillCompute
internal import DownhillTables

/// Numbers that an encoding is fitted to: in memory, or read again from a column for each question. The answers have the
/// same bits either way.
protocol Population {
  var count: Int { get }
  var first: Double? { get }
  /// Of at least one number.
  var extremes: (smallest: Double, largest: Double) { get }
  /// Without those that are infinite.
  var finite: Self { get }
  /// Σ (x · unit − centre)
  func sumOfDifferences(unit: Double, from centre: Double) -> Double
  /// Σ (x · unit − centre)²
  func sumOfSquares(unit: Double, from centre: Double) -> Double
  /// The numbers at some places, from 0, of the ascending order.
  func orderStatistics(at places: Set<Int>) -> [Int: Double]
  func someSatisfy(_ isWanted: (Double) -> Bool) -> Bool
}

extension Population {
  var isEmpty: Bool { count == 0 }
}

extension [Double]: Population {
  var extremes: (smallest: Double, largest: Double) { withUnsafeBufferPointer(\.extremes) }
  var finite: [Double] { filter(\.isFinite) }
  func someSatisfy(_ isWanted: (Double) -> Bool) -> Bool { contains(where: isWanted) }

  func sumOfDifferences(unit: Double, from centre: Double) -> Double {
    withUnsafeBufferPointer { $0.sumOfDifferences(unit: unit, from: centre) }
  }

  func sumOfSquares(unit: Double, from centre: Double) -> Double {
    withUnsafeBufferPointer { $0.sumOfSquares(unit: unit, from: centre) }
  }

  func orderStatistics(at places: Set<Int>) -> [Int: Double] {
    DownhillTabular.orderStatistics(of: self, at: places)
  }
}
