import Downhill

extension TreeComparison {
  /// For people: what trees come to, and what that says.
  var lines: [String] {
    let figures = trees.values.filter { Self.shown.contains($0.name) }
      .map { "\(Evaluation.word($0.name)) \(Format.number($0.value))" }
    return [
      "", "Boosted trees on \(rows < judgedRows ? "\(grouped(rows)) of these" : "the same") rows:",
      "  " + figures.joined(separator: "   "), "  " + verdict,
    ] + (isLimited ? ["  \(making)"] : [])
  }

  private static let shown = ["accuracy", "logLoss", "auc", "rmse", "r2"]

  /// Whether trees would do better, and the evidence for it.
  var verdict: String {
    let ends = [lead.interval.lowerBound, lead.interval.upperBound].map(percent).sorted()
    let range = "(\(signed(ends[0])) to \(signed(ends[1])), 95 %)"
    if favoursTrees {
      return
        "Trees would probably do better here: \(gap) \(range)\(isCertain ? "" : "; that may be chance, on so few rows")."
    }
    if isCutShort { return "Trees got no further in the time that they had: \(gap) \(range)." }
    if lead.value <= 0 { return "The network is at least as good: \(gap) \(range)." }
    return "Hardly better than the network: \(gap) \(range), which may be chance."
  }

  /// `0.8 points more accuracy`, `3.1 % less RMSE`: of trees beside the network.
  private var gap: String {
    let value = percent(lead.value)
    let size = Format.fixed(abs(value), decimals: 1), direction = value < 0 ? "less" : "more"
    return isRegression ? "trees have \(size) % \(direction) RMSE" : "trees have \(size) points \(direction) accuracy"
  }

  /// A lead as what trees have more than the network: points of accuracy, or percent of its RMSE.
  private func percent(_ lead: Double) -> Double { isRegression ? -100 * lead / (1 + lead) : 100 * lead }

  private func signed(_ value: Double) -> String {
    (value > 0 ? "+" : value < 0 ? "−" : "") + Format.fixed(abs(value), decimals: 1)
  }

  private var isRegression: Bool { task == .regression }

  /// How the trees came to be.
  var making: String {
    let extent = trainedRows < networkRows ? " of the \(grouped(networkRows))" : ""
    return "\(grouped(treeCount)) trees, grown on \(grouped(trainedRows))\(extent) rows in \(Format.duration(seconds))"
      + (isCutShort ? ", when time was over." : ".")
  }

  private var isLimited: Bool { trainedRows < networkRows || isCutShort }

  /// As `--json` and the record of runs have it.
  var json: JSONValue {
    var members: [(String, JSONValue)] = [
      ("favoured", .boolean(favoursTrees)), ("lead", JSONValue(lead.value)),
      ("leadFrom", JSONValue(lead.interval.lowerBound)), ("leadTo", JSONValue(lead.interval.upperBound)),
      ("rows", JSONValue(rows)), ("trainedRows", JSONValue(trainedRows)),
    ]
    members += trees.values.map { ($0.name, JSONValue($0.value)) }
    members += [("trees", JSONValue(treeCount)), ("seconds", JSONValue(seconds)), ("cutShort", .boolean(isCutShort))]
    return .object(JSONObject(members))
  }
}
