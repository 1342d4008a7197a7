/// A name from a file for a message: in quotation marks, on one line, cut when it is long.
func quoted(_ name: String) -> String {
  let shown = name.unicodeScalars.prefix(80).map { $0.value < 0x20 ? " " : String($0) }.joined()
  return "\"" + shown + (name.unicodeScalars.count > 80 ? "…" : "") + "\""
}
