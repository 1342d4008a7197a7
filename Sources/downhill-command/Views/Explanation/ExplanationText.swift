import Downhill

/// An explanation in a window of 80 columns: bars, short tables, curves in a line.
struct ExplanationText {
  static let width = 80
  private var lines: [String] = []

  init(_ explanation: Explanation, path: String) {
    let rows = explanation.acquaintance.rows(grouped(explanation.rows))
    lines.append("\(path) on \(rows) of \(explanation.source):")
    let figures = explanation.evaluation.lines(labels: explanation.model.labels)
    lines += Self.wrapped(figures[0]) + figures.dropFirst().map { $0.isEmpty ? "" : "  \($0)" }
    if let warning = explanation.acquaintance.warning { lines += Self.wrapped("note: \(warning)", between: " ") }
    if let importance = explanation.importance { add(ImportanceText(importance).lines) }
    add(DependenceText(explanation).lines)
    if let calibration = explanation.calibration { add(Self.calibration(calibration)) }
    if let residuals = explanation.residuals { add(Self.residuals(residuals)) }
    add(WorstRowsText(explanation.worst).lines)
  }

  var text: String { lines.joined(separator: "\n") }

  private mutating func add(_ section: [String]) { if !section.isEmpty { lines += [""] + section } }

  /// Metrics, or words, in as many lines as they take.
  private static func wrapped(_ text: String, between gap: String = "   ") -> [String] {
    var lines = ["  "]
    for item in text.split(separator: gap) {
      let isFirst = lines[lines.count - 1].count == 2
      if !isFirst, lines[lines.count - 1].count + gap.count + item.count > width { lines.append("  ") }
      lines[lines.count - 1] += (lines[lines.count - 1].count == 2 ? "" : gap) + item
    }
    return lines
  }

  private static func calibration(_ calibration: Calibration) -> [String] {
    var lines = [
      "How sure to be: \(calibration.label.map { "probabilities of “\($0)”" } ?? "probabilities of the answers") "
        + "and what came true"
    ]
    // A line would be one bin too many for 80 columns: those with most rows.
    let most = calibration.bins.sorted { ($0.rows, $1.lower) > ($1.rows, $0.lower) }.prefix(8)
    let bins = calibration.bins.filter { most.contains($0) }
    let columns = [
      TextTable.Column(
        title: "predicted", isNumber: true, cells: bins.map { Format.fixed($0.meanProbability, decimals: 3) }),
      TextTable.Column(title: "came true", isNumber: true, cells: bins.map { Format.fixed($0.share, decimals: 3) }),
      TextTable.Column(
        title: "95 % interval", isNumber: true,
        cells: bins.map {
          "\(Format.fixed($0.interval.lower, decimals: 3)) to \(Format.fixed($0.interval.upper, decimals: 3))"
        }),
      TextTable.Column(title: "rows", isNumber: true, cells: bins.map { grouped($0.rows) }),
    ]
    lines += TextTable(columns).text.split(separator: "\n").map { "  \($0)" }
    lines.append(
      "  expected calibration error \(Format.number(calibration.expectedError, digits: 3)) "
        + "(\(Format.number(calibration.chanceError, digits: 2)) by chance)   "
        + "Brier score \(Format.number(calibration.brier, digits: 3))")
    return lines
  }

  private static func residuals(_ residuals: Residuals) -> [String] {
    let shares = Residuals.shares.map { "\(Format.number(100 * $0, digits: 1)) %" }
    let columns = zip(shares, residuals.quantiles).map {
      TextTable.Column(title: $0, isNumber: true, cells: [Format.number($1)])
    }
    return ["How far off: truth − prediction by percentiles, and how often"]
      + TextTable(columns).text.split(separator: "\n").map { "  \($0)" }
      + [
        "  \(Format.number(residuals.histogram.lower, digits: 3)) "
          + Sparkline.draw(residuals.histogram.counts.map(Double.init), width: 40)
          + " \(Format.number(residuals.histogram.upper, digits: 3))"
      ]
  }
}

extension String {
  /// No longer than that.
  func shortened(to length: Int) -> String {
    // Line breaks and the like, in names of a file, would break tables.
    let isPlain = !utf8.contains { $0 < 0x20 || $0 == 0x7F }
    let text =
      isPlain ? self : String(map { $0.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F } ? "�" : $0 })
    return text.count <= length ? text : text.prefix(max(0, length - 1)) + "…"
  }
}
