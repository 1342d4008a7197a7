/// The name that a mistyped one most likely means: the same but for case, or within a third of its letters; nil: none.
package func nearest(to name: String, among names: [String]) -> String? {
  // Long names and long lists are cut: a hint isn't worth more time than that.
  let wanted = Array(name.lowercased().unicodeScalars.prefix(64))
  let candidates = names.prefix(2000).map {
    (name: $0, distance: distance(wanted, Array($0.lowercased().unicodeScalars.prefix(64))))
  }
  guard let best = candidates.min(by: { $0.distance < $1.distance }) else { return nil }
  return best.distance <= max(1, wanted.count / 3) ? best.name : nil
}

/// How many letters must be put in, taken out or changed (Levenshtein, 1966), or swapped with the next one.
private func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
  var before = [Int](repeating: 0, count: right.count + 1)
  var above = Array(0...right.count)
  for (i, letter) in left.enumerated() {
    var row = [i + 1]
    for (j, other) in right.enumerated() {
      var best = min(above[j] + (letter == other ? 0 : 1), above[j + 1] + 1, row[j] + 1)
      if i > 0, j > 0, letter == right[j - 1], left[i - 1] == other { best = min(best, before[j - 1] + 1) }
      row.append(best)
    }
    (before, above) = (above, row)
  }
  return above[right.count]
}
