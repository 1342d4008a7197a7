import Downhill

/// What came of tuning, for people and as JSON.
struct TuningReport {
  private let tuning: Tuning
  private let result: TuningResult
  private let text: TrialText

  private static let most = 10

  init(_ tuning: Tuning, _ result: TuningResult) {
    (self.tuning, self.result) = (tuning, result)
    text = TrialText(tuning.plan)
  }

  private var first: Trial? { result.trials.first { $0.number == 0 } }

  var lines: [String] {
    if result.trials.best == nil {
      return result.trials.isEmpty
        ? ["No trial was finished."] : ["\(grouped(result.trials.count)) trials: \(result.trials.outcomes)."]
    }
    var lines = [
      "\(grouped(result.trials.count)) trials in \(Format.duration(result.seconds)): \(result.trials.outcomes)."
    ]
    if result.ending == .exhausted { lines.append("There is no point left that was not tried.") }
    let judged = "\(grouped(tuning.rowsJudged)) rows"
    lines += [
      "",
      tuning.folds > 1
        ? "The best by \(result.score.title) over \(tuning.foldsText) of \(judged):"
        : "The best by \(result.score.title) on \(judged):", "", table,
    ]
    if let importance = result.importance {
      lines += ["", "Share of each setting by itself in the differences between trials:"]
      let shares = importance.shares.prefix(8).filter { $0.share >= 0.005 }
      let width = shares.map(\.name.count).max() ?? 0
      for (name, share) in shares {
        let bar = String(repeating: "█", count: max(1, Int((share * 40).rounded())))
        lines.append("  \(name)\(String(repeating: " ", count: width - name.count))  \(bar) \(percent(share))")
      }
    }
    return lines + [""] + conclusion
  }

  private func percent(_ share: Double) -> String { "\(Format.fixed(100 * share, decimals: 0)) %" }

  private var table: String {
    let ranked = result.trials.filter { $0.score != nil }.ranked
    var shown = Array(ranked.prefix(Self.most))
    if let first, !shown.contains(where: { $0.number == 0 }), first.score != nil { shown.append(first) }
    return TextTable([
      TextTable.Column(title: "trial", isNumber: true, cells: shown.map { "\($0.number)" }),
      TextTable.Column(
        title: result.score.title, isNumber: true, cells: shown.map { Format.number($0.score ?? .nan) }),
      TextTable.Column(
        title: "", isNumber: true,
        cells: shown.map { $0.number == 0 ? "" : TrialText.gain($0.score ?? .nan, over: first?.score) ?? "" }),
      TextTable.Column(title: "settings", isNumber: false, cells: shown.map(text.changes)),
    ]).text
  }

  private var conclusion: [String] {
    guard let confirmation = result.confirmation else {
      if result.ending == .interrupted { return [] }
      return ["No trial was better than the recipe as it is, which is the result."]
    }
    let folds = confirmation.candidates[0].scores?.count ?? 0
    var lines = [
      "Held against each other on \(folds) other fold\(folds == 1 ? "" : "s"), by which no trial was chosen:", "",
    ]
    lines.append(
      TextTable([
        TextTable.Column(
          title: "trial", isNumber: true, cells: confirmation.candidates.map { "\($0.number)" }),
        TextTable.Column(
          title: "networks", isNumber: true, cells: confirmation.candidates.map { "\($0.members)" }),
        TextTable.Column(
          title: result.score.title, isNumber: true,
          cells: confirmation.candidates.map { $0.mean.map { Format.number($0) } ?? "failed" }),
        TextTable.Column(
          title: "gain over trial 0", isNumber: false,
          cells: confirmation.candidates.enumerated().map { place, candidate in
            guard place > 0, let (mean, error) = confirmation.gain(of: candidate) else { return "" }
            return Format.number(mean, digits: 3) + (error.map { " ± \(Format.number($0, digits: 2))" } ?? "")
          }),
      ]).text)
    let best = confirmation.best
    lines += [
      "",
      best.number == 0
        ? confirmation.prefersMore
          ? "The result is the recipe as it is, with more networks."
          : "The recipe as it is holds its own: it is the result."
        : "The result is the recipe of trial \(best.number).",
    ]
    return lines
  }

  /// What a run is recorded with, and what `--json` prints.
  var json: [(String, JSONValue)] {
    func number(_ value: Double?) -> JSONValue { value.map { JSONValue($0) } ?? .null }
    let trials = result.trials
    let candidates = result.confirmation?.candidates ?? []
    let best = result.confirmation?.best, gain = best.flatMap { result.confirmation?.gain(of: $0) }
    let chosen = result.chosen
    let shares = (result.importance?.shares ?? []).map { ($0.name, JSONValue($0.share)) }
    return [
      ("score", .string(result.score.rawValue)), ("folds", JSONValue(tuning.folds)),
      ("trials", JSONValue(trials.count)), ("complete", JSONValue(trials.count(.complete))),
      ("stopped", JSONValue(trials.count(.stopped))), ("failed", JSONValue(trials.count(.failed))),
      ("studyEnding", .string(result.ending.rawValue)), ("studySeconds", JSONValue(result.seconds)),
      (
        "recipe",
        .object(JSONObject([("score", number(first?.score)), ("confirmed", number(candidates.first?.mean))]))
      ),
      (
        "best",
        .object(
          JSONObject([
            ("trial", chosen.map { JSONValue($0.number) } ?? .null), ("score", number(chosen?.score)),
            ("confirmed", number(best?.mean)),
            ("gain", number(gain?.mean)),
            ("gainError", number(gain?.error)),
            ("settings", chosen?.point.json ?? .null),
          ]))
      ),
      ("importance", .object(JSONObject(shares))),
      (
        "table",
        .array(
          trials.filter { $0.score != nil }.ranked.prefix(Self.most).map { trial in
            .object(
              JSONObject([
                ("trial", JSONValue(trial.number)), ("score", number(trial.score)), ("settings", trial.point.json),
              ]))
          })
      ),
    ]
  }
}
