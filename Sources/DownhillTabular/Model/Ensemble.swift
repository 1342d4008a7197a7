package import DownhillCompute

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

extension Model {
  /// What several members say together: the mean of values, or of the logarithms of probabilities, made probabilities again. A
  /// mean of logarithms is as sharp as the members are, so that one temperature suits it and them; that of probabilities is not.
  func mean(of outputs: [Matrix]) -> Matrix {
    let share = 1 / Double(outputs.count)
    guard task == .classification else {
      return Matrix(
        rows: outputs[0].rows, columns: outputs[0].columns,
        elements: outputs[0].elements.indices.map { index in
          Float(outputs.reduce(0.0) { $0 + Double($1.elements[index]) } * share)
        })
    }
    if outputs[0].columns == 1 {
      // The probability of the second of two labels.
      let both = mean(of: outputs.map { $0.withComplement() })
      return Matrix(rows: both.rows, columns: 1, elements: (0..<both.rows).map { both[$0, 1] })
    }
    return outputs[0].probabilities { row, column in
      outputs.reduce(0) { $0 + safeLogarithm($1[row, column]) } * share
    }
  }
}

/// T of probabilities p^(1/T).
package enum Temperature {
  /// How far log T is from 0, as is expected before any row is seen. Rows that are all told apart would else ask for certainty, and
  /// the first one that isn't would pay for it.
  private static let expectedDeviation = 0.25

  /// That with the least log loss for outputs whose classes are known (Guo et al., “On calibration of modern neural networks”, 2017),
  /// and for a normal prior of log T; between 1/5 and 5, and 1 where there are none.
  package static func fitting(_ outputs: Matrix, _ classes: [Int32]) -> Double {
    let logarithms = outputs.elements.map(safeLogarithm), columns = outputs.columns
    let known = classes.indices.filter { classes[$0] >= 0 && classes[$0] < columns }
    if known.isEmpty { return 1 }
    func loss(_ temperature: Double) -> Double {
      let surprise = log(temperature) / expectedDeviation
      return known.reduce(surprise * surprise / 2) { sum, row in
        let values = logarithms[row * columns..<(row + 1) * columns].map { $0 / temperature }
        let most = values.max()!
        return sum + most + log(values.reduce(0) { $0 + exp($1 - most) }) - values[Int(classes[row])]
      }
    }
    // The loss has one minimum in 1/T: golden sections of log T.
    let ratio = (5.0.squareRoot() - 1) / 2
    var (low, high) = (-log(5.0), log(5.0))
    for _ in 0..<40 {
      let (first, second) = (high - ratio * (high - low), low + ratio * (high - low))
      if loss(exp(first)) < loss(exp(second)) { high = second } else { low = first }
    }
    return exp((low + high) / 2)
  }
}

extension Matrix {
  /// Rows of probabilities p as p^(1/T), normalised.
  func tempered(by temperature: Double) -> Matrix {
    probabilities { row, column in safeLogarithm(self[row, column]) / temperature }
  }

  /// Rows of the shape of this matrix: softmax of some logarithms.
  fileprivate func probabilities(_ logarithm: (_ row: Int, _ column: Int) -> Double) -> Matrix {
    var result: [Float] = []
    result.reserveCapacity(rows * columns)
    for row in 0..<rows {
      let values = (0..<columns).map { logarithm(row, $0) }
      let most = values.max() ?? 0
      let powers = values.map { exp($0 - most) }
      let sum = powers.reduce(0, +)
      result += powers.map { Float($0 / sum) }
    }
    return Matrix(rows: rows, columns: columns, elements: result)
  }
}

/// log p of a probability that may have been rounded to 0.
private func safeLogarithm(_ probability: Float) -> Double { log(Double(max(probability, .leastNormalMagnitude))) }
