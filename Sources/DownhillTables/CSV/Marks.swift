internal import CTables

/// Whether a field says that its value is missing: empty, `NA`, `N/A`, `null`, `NaN` or `?`, in any case.
///
/// In quotes they mean the same: quotes hold a field together, they don't change its meaning (as in pandas).
func isMissing(_ start: UnsafePointer<UInt8>, count: Int) -> Bool { dh_is_missing(start, count) != 0 }

/// Words for false and true, pair by pair.
private let booleanPairs: [(no: String, yes: String)] = [
  ("false", "true"), ("no", "yes"), ("f", "t"), ("n", "y"),
]

/// Two texts as (false, true), if they are a pair of words for that, in any case; nil otherwise.
func booleanPair(_ texts: [String]) -> (no: String, yes: String)? {
  guard texts.count == 2 else { return nil }
  let lower = texts.map { $0.lowercased() }
  for (no, yes) in booleanPairs {
    if lower[0] == no && lower[1] == yes { return (texts[0], texts[1]) }
    if lower[0] == yes && lower[1] == no { return (texts[1], texts[0]) }
  }
  return nil
}
