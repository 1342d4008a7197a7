extension Network: CustomStringConvertible {
  /// The network as the constructor that makes it, with shapes and parameter counts.
  public var description: String {
    guard let resolution = try? resolved() else {
      do throws(NetworkError) { try validate() } catch { return error.network }
      return ""
    }
    let notes = layers.indices.map { index in
      let shapes = "\(resolution.shapes[index]) → \(resolution.shapes[index + 1])"
      let count = resolution.layout.entries.filter { $0.layer == index }.reduce(0) { $0 + $1.count }
      return count > 0 ? "\(shapes), \(grouped(count)) parameters" : shapes
    }
    return printNetwork(inputs: inputs, layers: layers, total: resolution.layout.count) { notes[$0] }
  }
}

/// Prints the constructor with a note behind each layer.
func printNetwork(
  inputs: Shape, layers: [any Layer], total: Int? = nil, note: (Int) -> String?
) -> String {
  let lines = layers.map { "  \($0)" }
  let width = min(60, lines.map(\.count).max() ?? 0)
  var printed = ["Network(inputs: \(inputs)) {"]
  for (index, line) in lines.enumerated() {
    let padding = String(repeating: " ", count: max(0, width - line.count))
    printed.append(note(index).map { "\(line)\(padding)  // \($0)" } ?? line)
  }
  printed.append("}" + (total.map { "  // \(grouped($0)) parameters" } ?? ""))
  return printed.joined(separator: "\n")
}

/// 203530 as 203,530.
package func grouped(_ number: Int) -> String {
  let digits = String(number.magnitude)
  var result = ""
  for (index, digit) in digits.enumerated() {
    if index > 0 && (digits.count - index) % 3 == 0 { result.append(",") }
    result.append(digit)
  }
  return (number < 0 ? "−" : "") + result
}
