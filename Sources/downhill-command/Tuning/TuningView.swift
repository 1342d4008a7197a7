import Downhill

/// Something that shows or records tuning as it goes. Events come one at a time, on any thread.
protocol TuningView: AnyObject {
  func handle(_ event: TuningEvent)
}

/// A line for each finished trial, for logs and pipes.
final class PlainTuningView: TuningView {
  private let text: TrialText
  private let score: TuningScore

  init(_ tuning: Tuning) { (text, score) = (TrialText(tuning.plan), tuning.score) }

  func handle(_ event: TuningEvent) {
    switch event {
    case .study(.finished(let trial, let all)): Terminal.print(line(trial, all))
    case .confirming(let finalists, let folds, _):
      let who = finalists > 0 ? "the best \(finalists)" : "the recipe with more networks"
      Terminal.print("Holding \(who) against the recipe as it is, on \(folds) other fold\(folds == 1 ? "" : "s")")
    case .study, .confirmed: break
    }
  }

  private func line(_ trial: Trial, _ all: [Trial]) -> String {
    let number = String(trial.number)
    var parts = ["trial \(String(repeating: " ", count: max(0, 4 - number.count)))\(number)"]
    switch trial.outcome {
    case .complete:
      parts.append("\(score.title) \(Format.number(trial.score!))")
      if all.best?.number == trial.number {
        parts.append("the best so far")
      } else if let best = all.best?.score {
        parts.append("best \(Format.number(best))")
      }
    case .stopped: parts.append("stopped at rung \(trial.rungs.count)")
    case .failed: parts.append("failed: \(trial.problem ?? "")")
    }
    parts += [Format.duration(trial.seconds), text.changes(trial)]
    return parts.joined(separator: "  ")
  }
}

/// Tuning on a terminal: some lines that are drawn again in place.
final class LiveTuningView: TuningView {
  private let tuning: Tuning
  private let text: TrialText
  private let budget: StudyBudget
  private let earlier: Double
  private let started = ContinuousClock.now
  private var lastDrawn: ContinuousClock.Instant?
  private var lines = 0

  private var trials: [Trial] = []
  private var running: Set<Int> = []
  private var importance: Importance?
  private var importanceOf = 0
  private var confirmation: (done: Int, of: Int)?

  init(_ tuning: Tuning, _ budget: StudyBudget, earlier: Double) {
    (self.tuning, self.budget, self.earlier) = (tuning, budget, earlier)
    text = TrialText(tuning.plan)
  }

  func handle(_ event: TuningEvent) {
    switch event {
    case .study(.started(let number, _)): running.insert(number)
    case .study(.rung): break
    case .study(.finished(let trial, let all)):
      running.remove(trial.number)
      trials = all
      // Of many trials it takes a while.
      if trials.count >= importanceOf + max(1, importanceOf / 20) {
        importance = Importance(trials, in: tuning.plan.space)
        importanceOf = trials.count
      }
    case .confirming(_, _, let trainings): confirmation = (0, trainings)
    case .confirmed(let done, let count): confirmation = (done, count)
    }
    let isLast = confirmation.map { $0.done == $0.of } ?? false
    if let lastDrawn, !isLast, ContinuousClock.now - lastDrawn < .milliseconds(100) { return }
    draw()
  }

  private func draw() {
    lastDrawn = .now
    let width = min(Terminal.width, 110)
    let picture = self.picture(width: width).map { String($0.prefix(width)) }
    let up = lines > 0 ? "\u{1B}[\(lines)A" : ""
    Terminal.write(up + picture.map { "\r\($0)\u{1B}[K\n" }.joined())
    lines = picture.count
  }

  private func picture(width: Int) -> [String] {
    let elapsed = earlier + (ContinuousClock.now - started).inSeconds
    var lines = [
      "trials      \(trials.outcomes.isEmpty ? "none finished" : trials.outcomes), \(running.count) under way"
    ]
    lines.append("            " + bar(elapsed, width: width - 12))
    let first = trials.first { $0.number == 0 }?.score
    lines.append("recipe      " + (first.map { "\(tuning.score.title) \(Format.number($0))" } ?? "…"))
    if let best = trials.best, let score = best.score {
      let gain = TrialText.gain(score, over: first).map { " (\($0))" } ?? ""
      lines.append("best        \(tuning.score.title) \(Format.number(score))\(gain), trial \(best.number)")
      lines.append("            \(text.changes(best))")
    }
    if let importance { lines.append("importance  \(importance.text(most: 6))") }
    let bests = trials.compactMap(\.score).reduce(into: [Double]()) { $0.append(min($1, $0.last ?? $1)) }
    if bests.count > 1 { lines.append("            \(Sparkline.draw(bests, width: width - 12))") }
    return lines
  }

  private func bar(_ elapsed: Double, width: Int) -> String {
    if let (done, count) = confirmation {
      return "holding the best against the recipe on other folds: \(done) of \(count)"
    }
    var share = 0.0
    var words: [String] = []
    if let seconds = budget.seconds {
      share = max(share, elapsed / seconds)
      words.append("\(Format.duration(elapsed)) of \(Format.duration(seconds))")
    } else {
      words.append(Format.duration(elapsed))
    }
    if let count = budget.trials {
      share = max(share, Double(trials.count) / Double(max(1, count)))
      words.append("\(trials.count) of \(grouped(count)) trials")
    }
    let room = max(10, width - words.joined(separator: ", ").count - 2)
    let filled = min(room, Int(share * Double(room)))
    return String(repeating: "━", count: filled) + String(repeating: "─", count: room - filled) + "  "
      + words.joined(separator: ", ")
  }
}

/// Finished trials as JSON lines.
final class TuningLinesView: TuningView {
  private let write: (JSONValue) -> Void
  init(_ write: @escaping (JSONValue) -> Void) { self.write = write }

  func handle(_ event: TuningEvent) {
    if case .study(.finished(let trial, _)) = event { write(trial.json) }
  }
}

extension Trial {
  /// As logs and recorded runs have it.
  var json: JSONValue {
    func list(_ values: [Double]) -> JSONValue { .array(values.map { JSONValue($0) }) }
    return .object(
      JSONObject([
        ("event", "trial"), ("trial", JSONValue(number)), ("outcome", .string(outcome.rawValue)),
        ("score", score.map { JSONValue($0) } ?? .null), ("parts", list(parts)), ("rungs", list(rungs)),
        ("seconds", JSONValue(seconds)), ("problem", problem.map { .string($0) } ?? .null),
        ("settings", point.json),
      ]))
  }
}

extension SearchPoint {
  var json: JSONValue {
    .object(
      JSONObject(
        sorted { $0.key < $1.key }.map { name, value in
          let coded: JSONValue =
            switch value {
            case .number(let number): JSONValue(number)
            case .text(let text): .string(text)
            case .flag(let flag): .boolean(flag)
            }
          return (name, coded)
        }))
  }
}
