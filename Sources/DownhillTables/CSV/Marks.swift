/// Whether a field says that its value is missing: empty, `NA`, `N/A`, `null`, `NaN` or `?`, in any case.
///
/// In quotes they mean the same: quotes hold a field together, they don't change its meaning (as in pandas).
func isMissing(_ start: UnsafePointer<UInt8>, count: Int) -> Bool {
  switch count {
  case 0: true
  case 1: start[0] == UInt8(ascii: "?")
  case 2: matches(start, "na")
  case 3: matches(start, "nan") || matches(start, "n/a")
  case 4: matches(start, "null")
  default: false
  }
}

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

/// Compares letters in any case with a word in lower case, as many bytes as the word has.
private func matches(_ start: UnsafePointer<UInt8>, _ word: StaticString) -> Bool {
  for index in 0..<word.utf8CodeUnitCount {
    let byte = start[index]
    let isCapital = byte &- 65 < 26
    if (isCapital ? byte | 0x20 : byte) != word.utf8Start[index] { return false }
  }
  return true
}
