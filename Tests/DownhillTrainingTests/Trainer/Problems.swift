import DownhillCompute
import DownhillNetwork

/// Small problems to learn, drawn by a seed.
enum Problems {
  static func normal(rows: Int, columns: Int, seed: UInt64) -> Matrix {
    var random = RandomStream(seed: seed, purpose: .check)
    return Matrix(rows: rows, columns: columns, elements: (0..<rows * columns).map { _ in Float(random.normal()) })
  }

  /// Two clouds that a straight line parts.
  static func clouds(rows: Int, seed: UInt64) -> Samples {
    var inputs = normal(rows: rows, columns: 2, seed: seed)
    for row in 0..<rows {
      for column in 0..<2 { inputs[row, column] = 0.5 * inputs[row, column] + (row % 2 == 0 ? -2 : 2) }
    }
    return Samples(inputs: inputs, targets: .classes((0..<rows).map { Int32($0 % 2) }))
  }

  /// Points of a square; the class is the exclusive or of the signs of their coordinates.
  static func exclusiveOr(rows: Int, seed: UInt64) -> Samples {
    var random = RandomStream(seed: seed, purpose: .check)
    let inputs = Matrix(
      rows: rows, columns: 2, elements: (0..<2 * rows).map { _ in Float(2 * random.uniform() - 1) })
    return Samples(
      inputs: inputs, targets: .classes((0..<rows).map { inputs[$0, 0] * inputs[$0, 1] > 0 ? 0 : 1 }))
  }

  /// Two spirals, one within the other, a turn each.
  static func spirals(rows: Int) -> Samples {
    var inputs = Matrix(rows: rows, columns: 2)
    for row in 0..<rows {
      let along = (Double(row / 2) + 0.5) / Double(rows / 2)
      let angle = 2 * Double.pi * along + (row % 2 == 0 ? 0 : Double.pi)
      inputs[row, 0] = Float(4 * (0.2 + along) * cosine(angle))
      inputs[row, 1] = Float(4 * (0.2 + along) * cosine(angle - Double.pi / 2))
    }
    return Samples(inputs: inputs, targets: .classes((0..<rows).map { Int32($0 % 2) }))
  }

  /// y = sin x for x from −π to π.
  static func sine(rows: Int) -> Samples {
    let x = (0..<rows).map { 2 * Double.pi * (Double($0) / Double(rows - 1) - 0.5) }
    return Samples(
      inputs: Matrix(rows: rows, columns: 1, elements: x.map { Float($0) }),
      targets: .values(Matrix(rows: rows, columns: 1, elements: x.map { Float(cosine($0 - Double.pi / 2)) })))
  }

  /// Labels that have nothing to do with the inputs: what is learned of them is of no use on other rows.
  static func noise(rows: Int, columns: Int = 4, seed: UInt64) -> Samples {
    Samples(
      inputs: normal(rows: rows, columns: columns, seed: seed),
      targets: .classes((0..<rows).map { Int32($0 * 7 % 5 % 2) }))
  }
}
