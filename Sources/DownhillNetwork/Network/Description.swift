extension Network: CustomStringConvertible {
  /// The network as the constructor that makes it, with shapes and parameter counts.
  public var description: String {
    guard let resolution = try? resolved() else {
      do throws(NetworkError) { try validate() } catch { return error.network }
      return ""
    }
    let notes = layers.indices.map { index in
      let shapes = "\(resolution.shapes[index]) → \(resolution.shapes[index + 1])"
      let count = resolution.layout.entries.filter { $0.isTrained && resolution.graph.nodes[$0.node].path[0] == index }
        .reduce(0) {
          $0 + $1.count
        }
      return count > 0 ? "\(shapes), \(grouped(count)) parameters" : shapes
    }
    return printNetwork(inputs: inputs, layers: layers, total: resolution.layout.trainedCount) { notes[$0] }
  }
}

/// Prints the constructor with a note behind each layer.
func printNetwork(
  inputs: Shape, layers: [any Component], total: Int? = nil, note: (Int) -> String?
) -> String {
  let blocks = layers.map { $0.description.split(separator: "\n").map { "  \($0)" } }
  let width = min(60, blocks.compactMap(\.first?.count).max() ?? 0)
  var printed = ["Network(inputs: \(inputs)) {"]
  for (index, lines) in blocks.enumerated() {
    guard let first = lines.first else { continue }
    let padding = String(repeating: " ", count: max(0, width - first.count))
    printed.append(note(index).map { "\(first)\(padding)  // \($0)" } ?? first)
    printed += lines.dropFirst()
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
