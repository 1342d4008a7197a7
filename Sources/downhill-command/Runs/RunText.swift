import Downhill
import DownhillRuns

/// A run in words.
struct RunText {
  private var lines: [String] = []

  init(_ run: Run, _ events: [RunEvent]) {
    lines.append("Run \(run.id): \(run.status.words)" + (run.status == .lost ? ", its process is gone" : ""))
    if let message = run.message { lines.append("  \(message)") }
    lines.append("")
    add("command", run.command.map(\.quotedForShell).joined(separator: " "))
    add("folder", run.folder)
    add("started", LocalTime.text(run.started))
    add("ended", run.ended.map(LocalTime.text))
    add("task", run.task + (run.target.map { " of “\($0)”" } ?? ""))
    add("data", run.data)
    add("parameters", grouped(run.parameters))
    if let epochs = run.epochs {
      add(
        "epochs",
        "\(epochs)" + (run.bestEpoch.map { ", the best \($0)" } ?? "")
          + (run.seconds.map { ", in \(Format.duration($0))" } ?? ""))
    }
    if !run.metrics.isEmpty {
      let names = MetricNames.sorted(Set(run.metrics.keys))
      add(
        run.metricsOn.map { "on \($0)" } ?? "metrics",
        names.map { "\($0) \(Format.number(run.metrics[$0]!))" }.joined(separator: "   "))
    }
    for event in events where event.body["event"]?.string == "trees" { add("trees", event.body["text"]?.string) }
    add("model", run.model + (run.modelFingerprint.map { " (\($0))" } ?? ""))
    addStudy(run.study)
    add("revision", run.revision)
    let machine = (run.machine.object?.members ?? []).filter { $0.value != .null }
    add("machine", machine.map { "\($0.name) \($0.value.plainText)" }.joined(separator: ", "))
    addCurves(events)
    addConfiguration(run.configuration)
  }

  var text: String { lines.joined(separator: "\n") }

  private mutating func add(_ name: String, _ value: String?) {
    guard let value, !value.isEmpty else { return }
    lines.append("\(name)\(String(repeating: " ", count: max(1, 15 - name.count)))\(value)")
  }

  /// The best trials of a search.
  private mutating func addStudy(_ study: JSONValue?) {
    guard let study, let trials = study["trials"]?.integer else { return }
    func number(_ value: JSONValue?) -> String { value?.number.map { Format.number($0) } ?? "none" }
    let score = study["score"]?.string ?? "score"
    add(
      "trials",
      "\(trials): \(study["complete"]?.plainText ?? "") finished, \(study["stopped"]?.plainText ?? "") stopped early, "
        + "\(study["failed"]?.plainText ?? "") failed")
    let (recipe, best) = (study["recipe"], study["best"])
    add(
      score,
      "\(number(recipe?["score"])) as it was, \(number(best?["score"])) of trial \(best?["trial"]?.plainText ?? "")")
    if recipe?["confirmed"]?.number != nil {
      add("on other folds", "\(number(recipe?["confirmed"])) as it was, \(number(best?["confirmed"])) of that trial")
    }
    let shares = study["importance"]?.object?.members ?? []
    add(
      "importance",
      shares.prefix(6).map { "\($0.name) \(Format.fixed(100 * ($0.value.number ?? 0), decimals: 0)) %" }
        .joined(separator: ", "))
  }

  /// Of each training: a model may be refitted, or have several members.
  private mutating func addCurves(_ events: [RunEvent]) {
    var trainings: [(title: String?, epochs: [JSONValue])] = []
    var title: String?
    for event in events.map(\.body) {
      switch event["event"]?.string {
      case "member": title = "member \(event["member"]?.plainText ?? "") of \(event["of"]?.plainText ?? ""):"
      case "began":
        trainings.append((title ?? (trainings.isEmpty ? nil : "trained again from the start, on all rows:"), []))
        title = nil
      case "epoch" where !trainings.isEmpty: trainings[trainings.count - 1].epochs.append(event)
      case "warning":
        lines.append("")
        add("warning", event["text"]?.string)
      default: break
      }
    }
    for training in trainings where !training.epochs.isEmpty {
      lines.append("")
      if let title = training.title { lines.append(title) }
      for (name, member) in [("loss", "loss"), ("validation", "validationLoss")] {
        let values = training.epochs.compactMap { $0[member]?.number }
        guard let first = values.first, let last = values.last else { continue }
        add(name, "\(Sparkline.draw(values, width: 60))  \(Format.number(first)) to \(Format.number(last))")
      }
    }
  }

  private mutating func addConfiguration(_ configuration: JSONValue) {
    let members = configuration.object?.members ?? []
    guard !members.isEmpty else { return }
    let width = members.map(\.name.count).max() ?? 0
    lines += ["", "configuration, which --config prints as a file:"]
    for member in members {
      let padding = String(repeating: " ", count: width - member.name.count)
      lines.append("  \(member.name)\(padding)  \(member.value.plainText)")
    }
  }
}

extension String {
  /// As a word of a shell's command line.
  fileprivate var quotedForShell: String {
    let isPlain =
      !isEmpty
      && utf8.allSatisfy { byte in
        UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20
          || "-_./=,:+@%".utf8.contains(byte) || byte >= 0x80
      }
    return isPlain ? self : "'\(replacing("'", with: "'\\''"))'"
  }
}
