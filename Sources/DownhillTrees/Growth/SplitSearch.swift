internal import DownhillCompute

/// A way to part the rows of a leaf in two by the bins of a column.
struct LeafSplit {
  /// How much less the loss is for it, to second order.
  var gain = 0.0
  var column = -1
  var left = BinSet()
  var leftSum = BinSums.Sum.zero
}

/// Looks for the split of a leaf with the greatest gain.
///
/// With G and H for the sums of gradients and hessians on each side, it is
/// ½ (G_l² / (H_l + λ) + G_r² / (H_r + λ) − G² / (H + λ))
/// (Friedman, “Greedy function approximation”, 2001; Chen and Guestrin, “XGBoost”, 2016).
struct SplitSearch {
  let derivatives: Derivatives
  let options: GrowthOptions
  let total: BinSums.Sum

  /// The best in a column.
  func best(in column: Int, _ bins: ColumnBins, _ sums: UnsafeBufferPointer<BinSums.Sum>) -> LeafSplit {
    var best = LeafSplit()
    best.column = column
    if Derivatives.count(total) < 2 * options.leafRows { return best }
    if bins.isOrdered { ordered(sums, &best) } else { unordered(sums, &best) }
    return best
  }

  private func score(_ sum: BinSums.Sum, _ penalty: Double) -> Double {
    let gradient = derivatives.gradient(sum), hessian = derivatives.hessian(sum) + penalty
    return hessian > 0 ? gradient * gradient / hessian : 0
  }

  /// The gain of a left side; nil: one of the sides is too small.
  @inline(__always)
  private func gain(_ left: BinSums.Sum, _ whole: Double, _ penalty: Double) -> Double? {
    let right = total &- left
    guard Derivatives.count(left) >= options.leafRows, Derivatives.count(right) >= options.leafRows,
      derivatives.hessian(left) >= options.leafHessian, derivatives.hessian(right) >= options.leafHessian
    else { return nil }
    let parted = score(left, penalty) + score(right, penalty)
    let gain = (parted - whole) / 2
    // What is left of rounding is no gain.
    return gain > 1e-12 * parted ? gain : nil
  }

  /// Numbers: all bins up to one go left; what is missing goes left or right, whichever is better, or is alone.
  private func ordered(_ sums: UnsafeBufferPointer<BinSums.Sum>, _ best: inout LeafSplit) {
    let missing = sums.count - 1, whole = score(total, options.penalty)
    let isWhole = Derivatives.count(sums[missing]) == 0
    var last = (bin: -1, missingLeft: false)
    for missingLeft in isWhole ? [false] : [false, true] {
      var left = missingLeft ? sums[missing] : .zero
      for bin in 0..<missing where Derivatives.count(sums[bin]) > 0 {
        left &+= sums[bin]
        if let gain = gain(left, whole, options.penalty), gain > best.gain {
          (best.gain, best.leftSum, last) = (gain, left, (bin, missingLeft))
        }
      }
    }
    guard last.bin >= 0 else { return }
    best.left = BinSet(0...last.bin)
    // Where no row tells, what is missing goes with most of them.
    let goesLeft = isWhole ? 2 * Derivatives.count(best.leftSum) > Derivatives.count(total) : last.missingLeft
    if goesLeft { best.left.insert(missing) }
  }

  /// Categories: in the order of their mean gradient the best parting is one of neighbours (Fisher, “On grouping for maximum
  /// homogeneity”, 1958). From each end of that order some go left; all others, and what was never seen, right.
  private func unordered(_ sums: UnsafeBufferPointer<BinSums.Sum>, _ best: inout LeafSplit) {
    let penalty = options.penalty + options.categoryPenalty, whole = score(total, penalty)
    // Rare ones are drawn to the middle.
    let bins = sums.indices.filter { Derivatives.count(sums[$0]) >= options.categoryRows }
      .map { ($0, derivatives.gradient(sums[$0]) / (derivatives.hessian(sums[$0]) + options.categoryPenalty)) }
      .sorted { ($0.1, $0.0) < ($1.1, $1.0) }.map(\.0)
    var found: [Int] = []
    for order in [bins, bins.reversed()] {
      var left = BinSums.Sum.zero
      for (index, bin) in order.prefix(options.mostCategories).enumerated() {
        left &+= sums[bin]
        if let gain = gain(left, whole, penalty), gain > best.gain {
          (best.gain, best.leftSum) = (gain, left)
          found = Array(order[...index])
        }
      }
    }
    best.left = BinSet(found)
  }
}
