import Downhill

extension Evaluation {
  /// The members that `--json` prints.
  var json: [(String, JSONValue)] {
    var members: [(String, JSONValue)] = [("rows", JSONValue(rows))]
    members += values.map { ($0.name, JSONValue($0.value)) }
    if unknownLabels > 0 { members.append(("unknownLabels", JSONValue(unknownLabels))) }
    return members
  }

  /// For people: the metrics in a line or two, and a confusion matrix that fits a window.
  func lines(labels: [String]) -> [String] {
    var lines = [values.map { "\(Self.word($0.name)) \(Format.number($0.value))" }.joined(separator: "   ")]
    if case .classification(let metrics) = scores, labels.count <= 12, unknownLabels == 0 {
      lines.append("")
      lines += metrics.confusion.table(labels: labels).split(separator: "\n").map(String.init)
    }
    return lines + warnings
  }

  /// What a reader should know about the data.
  var warnings: [String] {
    var lines = unseen.map { column, rows in
      "note: \(grouped(rows)) rows hold a value of “\(column)” that the model does not know; it counts as none"
    }
    if unknownLabels > 0 {
      lines.append(
        "note: \(grouped(unknownLabels)) rows have a label that the model doesn't know; they count as wrong")
    }
    return lines
  }

  /// A metric's name for people.
  static func word(_ metric: String) -> String { words[metric] ?? metric }

  private static let words = [
    "balancedAccuracy": "balanced accuracy", "macroF1": "macro F1", "logLoss": "log loss", "auc": "ROC AUC",
    "rmse": "RMSE", "mae": "MAE", "r2": "R²",
  ]
}

/// One JSON object on a line of its own.
func printJSON(_ members: [(String, JSONValue)]) { Terminal.print(JSONValue.object(JSONObject(members)).text()) }
