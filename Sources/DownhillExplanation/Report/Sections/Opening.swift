internal import DownhillNetwork
internal import DownhillTabular
internal import DownhillTraining

/// What a reader who reads nothing else should know: how good, on what, and whether to believe it.
struct Opening {
  let explanation: Explanation
  /// The model's file, if it has one.
  let name: String?

  var html: HTML {
    var result: HTML = "<p class=\"kicker\">\(kicker)</p>\n<h1>\(headline)</h1>\n<p>\(standfirst)</p>\n"
    if let warning = explanation.acquaintance.warning { result += "<p class=\"note\">\(warning)</p>\n" }
    for note in notes { result += "<p class=\"note\">\(note)</p>\n" }
    return result + figures
  }

  var headline: String {
    let rows = explanation.acquaintance.rows(grouped(explanation.rows))
    if let accuracy = value("accuracy") {
      return "Right on \(Wording.percent(accuracy, decimals: 1)) of \(rows)"
    }
    let target = Wording.short(explanation.model.target, 40)
    return "“\(target)” predicted to \(Wording.number(value("mae") ?? .nan)) on average, on \(rows)"
  }

  private var kicker: String {
    let task = explanation.model.task == .classification ? "classification" : "regression"
    return ([name, "\(task) of “\(explanation.model.target)”", explanation.source].compactMap { $0 })
      .joined(separator: " · ")
  }

  /// What the figures are to be compared with, and what the model relies on.
  private var standfirst: String {
    var sentences: [String] = []
    if case .classification(let metrics) = explanation.evaluation.scores, let confusion = explanation.confusion,
      let most = confusion.classes.max(by: { $0.rows < $1.rows })
    {
      let share = Double(most.rows) / metrics.confusion.total
      sentences.append(
        "Always answering “\(Wording.short(most.label, 40))”, the most frequent of \(explanation.model.labels.count) labels, would be right on "
          + "\(Wording.percent(share, decimals: 1)).")
    } else if let r2 = value("r2") {
      sentences.append(
        r2 > 0
          ? "\(Wording.percent(r2, decimals: 1)) of the variance is explained; always answering the mean would explain none."
          : "Always answering the mean would do better.")
    }
    let leading = (explanation.importance?.columns ?? []).prefix(3).filter {
      ($0.loss.interval?.lower ?? $0.loss.mean) > 0
    }
    if !leading.isEmpty {
      sentences.append("The model relies most on \(Wording.list(leading.map { "“\(Wording.short($0.name, 40))”" })).")
    }
    return sentences.joined(separator: " ")
  }

  private var notes: [String] {
    var notes: [String] = []
    let unseen = explanation.evaluation.unseen.map { "“\($0.column)” (\(grouped($0.rows)))" }
    if !unseen.isEmpty {
      notes.append(
        "Some rows hold values that the model does not know, and that count as none: in "
          + Wording.list(unseen.count > 6 ? Array(unseen.prefix(5)) + ["\(unseen.count - 5) more columns"] : unseen)
          + ".")
    }
    if explanation.evaluation.unknownLabels > 0 {
      notes.append(
        "\(grouped(explanation.evaluation.unknownLabels)) rows have a label that the model doesn't know; they count as wrong."
      )
    }
    if explanation.rows < 50 { notes.append("These are few rows: look at the intervals before you believe a figure.") }
    return notes
  }

  private var figures: HTML {
    var items = explanation.scores.map { score -> HTML in
      let interval = Wording.interval(score.interval)
      let small: HTML = interval.isEmpty ? "" : "<small>\(interval)</small>"
      return "<div><dt>\(Wording.metric(score.name))</dt><dd>\(Wording.number(score.value))\(small)</dd></div>\n"
    }
    if let calibration = explanation.calibration {
      items.append(
        "<div><dt>Calibration error</dt><dd>\(Wording.number(calibration.expectedError, digits: 2))<small>Brier score \(Wording.number(calibration.brier))</small></dd></div>\n"
      )
    }
    let hint: HTML =
      explanation.scores.contains { $0.interval != nil }
      ? "<p class=\"by\">Small figures: 95 % intervals for rows like these.</p>\n" : ""
    return "<dl class=\"figures\">\(items)</dl>\n\(hint)"
  }

  private func value(_ name: String) -> Double? { explanation.scores.first { $0.name == name }?.value }
}
