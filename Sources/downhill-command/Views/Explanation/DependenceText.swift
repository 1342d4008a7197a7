import Downhill

/// Partial dependence: curves of numbers and dates in a line, categories with their answers.
struct DependenceText {
  let lines: [String]

  private static let longestName = 22

  init(_ explanation: Explanation) {
    guard let first = explanation.dependence.first else {
      lines = []
      return
    }
    let isRegression = first.outputs.isEmpty
    let what =
      isRegression
      ? "mean prediction of \(explanation.model.target.shortened(to: 30))"
      : first.outputs.count == 1
        ? "mean probability of “\(first.outputs[0].shortened(to: 24))”" : "mean probability of each label"
    var lines = ["How the answer follows a column: \(what)"]
    // A curve for each label takes many lines.
    for dependence in explanation.dependence.prefix(first.outputs.count > 1 ? 3 : explanation.dependence.count) {
      lines.append("  \(dependence.column.shortened(to: 40))")
      for index in dependence.outputs.isEmpty ? 0..<1 : dependence.outputs.indices {
        let label = dependence.outputs.count > 1 ? dependence.outputs[index] : ""
        lines += Self.curve(dependence, index, label: label)
      }
    }
    self.lines = lines
  }

  private static func curve(_ dependence: PartialDependence, _ index: Int, label: String) -> [String] {
    let head = label.isEmpty ? "    " : "    \(label.shortened(to: 16))  "
    if dependence.kind == .categorical || dependence.kind == .boolean {
      // As many to a line as there is room for.
      var lines = [head]
      for point in dependence.points {
        let item =
          "\(text(point.value).shortened(to: 20)) \(Format.number(point.responses[index].mean, digits: 3))"
        if lines[lines.count - 1].count + item.count + 3 > ExplanationText.width { lines.append("    ") }
        lines[lines.count - 1] += (lines[lines.count - 1].last == " " ? "" : "   ") + item
      }
      return lines
    }
    let present = dependence.points.filter { $0.value != .missing }
    guard let first = present.first, let last = present.last else { return [] }
    let means = present.map { $0.responses[index].mean }
    let start = "\(head)\(text(first.value)) "
    var end =
      " \(text(last.value))   \(Format.number(means.min() ?? .nan, digits: 3)) to "
      + Format.number(means.max() ?? .nan, digits: 3)
    if let missing = dependence.points.last, missing.value == .missing {
      end += "   missing \(Format.number(missing.responses[index].mean, digits: 3))"
    }
    let room = ExplanationText.width - start.count - end.count
    return [start + Sparkline.draw(means, width: min(24, max(4, room))) + end]
  }

  private static func text(_ value: PartialDependence.Value) -> String {
    switch value {
    case .number(let number): number == number.rounded() && abs(number) < 1e9 ? "\(Int(number))" : Format.number(number)
    case .moment(let seconds): String(dateText(seconds).prefix(10))
    case .category(let name): name
    case .missing: "missing"
    }
  }
}
