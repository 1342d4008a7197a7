import Downhill

extension TreeComparison {
  /// For people: what trees come to, and what that says.
  var lines: [String] {
    let figures: [String] = trees.values.compactMap { name, value in
      Self.shown[name].map { "\($0) \(Format.number(value))" }
    }
    let some =
      trainedRows < networkRows
      ? ", grown on \(grouped(trainedRows)) of the \(grouped(networkRows)) rows" : ""
    let extent = isCutShort ? ", ended by time" : ""
    return [
      "",
      "Boosted trees\(rows < networkTotal ? ", on \(grouped(rows)) of these rows" : " on the same rows"): "
        + "\(figures.joined(separator: "   "))  (\(grouped(treeCount)) trees in \(Format.duration(seconds))\(some)\(extent))",
      "  " + verdict,
    ]
  }

  /// Whether trees would do better, and the evidence for it.
  var verdict: String {
    let (low, high) = (lead.interval.lowerBound, lead.interval.upperBound)
    let from = "95 %: \(amount(low)) to \(amount(high))"
    if favoursTrees {
      let doubt = isCertain ? "" : "; on so few rows that may be chance"
      return "Trees would probably do better here: \(ahead(lead.value)) (\(from)\(doubt))."
    }
    if lead.value <= 0 { return "The network is at least as good: \(ahead(lead.value)) (trees' lead, \(from))." }
    return "No sign that trees would do better: \(ahead(lead.value)), which may be chance (\(from))."
  }

  private static let shown = ["accuracy": "accuracy", "logLoss": "log loss", "auc": "ROC AUC", "rmse": "RMSE", "r2": "R²"]

  /// Rows that the network was judged on, of which these may be some.
  private var networkTotal: Int { network.rows }

  private func amount(_ lead: Double) -> String { Format.fixed(lead * 100, decimals: 1) }

  private func ahead(_ lead: Double) -> String {
    let size = Format.fixed(abs(lead) * 100, decimals: 1)
    if task == .regression {
      return lead > 0
        ? "the network's RMSE is \(size) % above theirs" : "its RMSE is \(Format.fixed(-lead * 100, decimals: 1)) % below theirs"
    }
    return lead > 0 ? "they are \(size) points of accuracy ahead" : lead < 0 ? "\(size) points of accuracy ahead" : "no point apart"
  }

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
