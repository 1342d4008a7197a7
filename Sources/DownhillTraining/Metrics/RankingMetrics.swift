/// The area under the ROC curve: the probability that a row of class 1 has a higher score than a row of class 0, a tie
/// counting half.
///
/// - Parameters:
///   - scores: higher for class 1; its probability, for instance.
///   - truth: 0 or 1 for each row.
///   - weights: one a row, 0 or above; nil: all 1. A pair of rows counts by the product.
/// - Returns: nil when one of the classes has no row (or no weight), or a score is NaN.
public func areaUnderROC(scores: [Float], truth: [Int32], weights: [Float]? = nil) -> Double? {
  precondition(scores.count == truth.count, "\(scores.count) scores, \(truth.count) labels")
  precondition(weights == nil || weights?.count == truth.count, "one weight a row")
  if scores.contains(where: \.isNaN) { return nil }
  let order = scores.indices.sorted { scores[$0] < scores[$1] }
  var below = 0.0
  var positives = 0.0
  var won = 0.0
  var start = 0
  while start < order.count {
    // The rows of one score: each wins against the class 0 rows below and half of those beside it.
    var tied = (0.0, 0.0)
    var end = start
    while end < order.count, scores[order[end]] == scores[order[start]] {
      let row = order[end]
      precondition(truth[row] == 0 || truth[row] == 1, "row \(row): class \(truth[row]) of 2")
      let weight = Double(weights?[row] ?? 1)
      if truth[row] == 1 { tied.1 += weight } else { tied.0 += weight }
      end += 1
    }
    won += tied.1 * (below + tied.0 / 2)
    below += tied.0
    positives += tied.1
    start = end
  }
  return below > 0 && positives > 0 ? won / (below * positives) : nil
}
