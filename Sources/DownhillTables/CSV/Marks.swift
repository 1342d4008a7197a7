internal import CTables

/// What says that a value is missing: an empty field, `NA`, `N/A`, `null`, `NaN` or `?`, in any case, and what the user
/// adds to them.
///
/// In quotes they mean the same: quotes hold a field together, they don't change its meaning (as in pandas).
final class MissingMarks: @unchecked Sendable {
  // Unchecked: nothing changes after the initialiser.
  /// For the loops in C; nil: there are no others.
  let pointer: OpaquePointer?

  init(_ added: [String]) {
    pointer = added.isEmpty ? nil : dh_marks_make()
    for mark in added {
      let bytes = Array(mark.utf8.drop(while: Self.isBlank).reversed().drop(while: Self.isBlank).reversed())
      dh_marks_add(pointer, bytes, bytes.count)
    }
  }

  deinit { dh_marks_free(pointer) }

  func contain(_ start: UnsafePointer<UInt8>, count: Int) -> Bool { dh_is_missing(pointer, start, count) != 0 }

  // Fields are read without the blanks around them.
  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
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
