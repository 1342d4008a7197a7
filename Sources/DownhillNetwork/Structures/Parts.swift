/// A structure as the constructor that makes it, its parts line by line.
func describe(_ head: String, _ parts: [any Component]) -> String {
  if parts.isEmpty { return "\(head) {}" }
  let lines = parts.flatMap { $0.description.split(separator: "\n").map { "  \($0)" } }
  return (["\(head) {"] + lines + ["}"]).joined(separator: "\n")
}

func areEqual(_ a: [any Component], _ b: [any Component]) -> Bool {
  a.count == b.count && zip(a, b).allSatisfy { $0.isEqual(to: $1) }
}

extension Component {
  /// The first line of its description.
  var summary: String {
    let first = description.prefix { $0 != "\n" }
    return first.hasSuffix(" {") ? String(first.dropLast(2)) : String(first)
  }
}
