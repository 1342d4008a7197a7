import Downhill

/// Something that shows or records training as it goes.
protocol TrainingView: AnyObject {
  func handle(_ event: TrainingEvent)
}

/// One line for some of the epochs, for logs and pipes: the first, the last, and about twenty in between.
final class PlainView: TrainingView {
  private var every = 1
  private var epochs = 0
  /// nil: there is one network.
  private var member: (number: Int, count: Int)?
  private var lowest: TrainingEvent.Epoch?

  func handle(_ event: TrainingEvent) {
    switch event {
    case .member(let number, let count):
      member = (number, count)
      lowest = nil
      if number == 1 { Terminal.print("Network 1 of \(count)") }
    case .began(let beginning):
      epochs = beginning.epochs
      every = max(1, beginning.epochs / 20)
    case .epoch(let epoch):
      if isFirst, epoch.epoch == 1 || epoch.epoch % every == 0 || epoch.epoch == epochs { Terminal.print(line(epoch)) }
      if let loss = epoch.validationLoss, loss < lowest?.validationLoss ?? .infinity { lowest = epoch }
    case .ended: if !isFirst { summarize() }
    case .warning(let text): Terminal.complain("downhill: warning: \(text)")
    case .step, .checkpoint: break
    }
  }

  private var isFirst: Bool { member?.number ?? 1 == 1 }

  /// The networks after the first go the same way: a line each says where theirs went lowest.
  private func summarize() {
    guard let member, let lowest, let loss = lowest.validationLoss else { return }
    let parts = ["validation \(Format.number(loss))"] + lowest.metrics.map { "\($0.name) \(Format.number($0.value))" }
    Terminal.print(
      "\(member.number == 2 ? "\n" : "")Network \(member.number) of \(member.count): lowest in epoch \(lowest.epoch)  "
        + parts.joined(separator: "  "))
  }

  private func line(_ epoch: TrainingEvent.Epoch) -> String {
    let number = String(epoch.epoch)
    let padding = String(repeating: " ", count: max(0, String(epochs).count - number.count))
    var parts = ["epoch \(padding)\(number)/\(epochs)", "loss \(Format.number(epoch.loss))"]
    if let loss = epoch.validationLoss { parts.append("validation \(Format.number(loss))") }
    parts += epoch.metrics.map { "\($0.name) \(Format.number($0.value))" }
    parts.append("rate \(Format.number(epoch.rate, digits: 3))")
    parts.append("\(grouped(Int(epoch.rowsPerSecond))) rows/s")
    return parts.joined(separator: "  ")
  }
}

/// Training as JSON lines, one an event: everything but the single steps.
final class JSONLinesView: TrainingView {
  private let file: LineFile
  init(_ file: LineFile) { self.file = file }

  func handle(_ event: TrainingEvent) {
    if event.kind != nil { file.write(event.json.text()) }
  }
}

/// The loss as a CSV file: a row an epoch, or a row a step; of an ensemble with the number of the member in front.
final class HistoryView: TrainingView {
  enum Grain: String, CaseIterable { case epoch, step }

  private let file: LineFile
  private let grain: Grain
  private var wroteHeader: Bool
  /// nil: there is one network.
  private var member: Int?

  init(_ file: LineFile, every grain: Grain) {
    self.file = file
    self.grain = grain
    wroteHeader = file.goesOn
  }

  func handle(_ event: TrainingEvent) {
    switch (event, grain) {
    case (.member(let number, _), _): member = number
    case (.began(let beginning), _) where file.goesOn:
      // What was done after the checkpoint is done again.
      let steps = beginning.resumedAfter
      let last = grain == .step ? steps : steps / max(1, beginning.stepsPerEpoch)
      file.keep { !isRow($0, after: last) }
    case (.step(let step), .step): write(header: ["step", "loss"], ["\(step.step)", "\(step.loss)"])
    case (.epoch(let epoch), .epoch):
      let validation = epoch.validationLoss.map { "\($0)" } ?? ""
      write(
        header: ["epoch", "loss", "validationLoss"] + epoch.metrics.map(\.name) + ["rate"],
        ["\(epoch.epoch)", "\(epoch.loss)", validation] + epoch.metrics.map { "\($0.value)" } + ["\(epoch.rate)"])
    default: break
    }
  }

  private func write(header: [String], _ fields: [String]) {
    if !wroteHeader { file.write(((member == nil ? [] : ["member"]) + header).joined(separator: ",")) }
    wroteHeader = true
    file.write(((member.map { ["\($0)"] } ?? []) + fields).joined(separator: ","))
  }

  /// Whether a line is of this network, or of a member after it, and of a later epoch or step than that.
  private func isRow(_ line: Substring, after last: Int) -> Bool {
    var numbers = line.split(separator: ",", maxSplits: 2, omittingEmptySubsequences: false).map { Int($0) }[...]
    if let member {
      guard let its = numbers.popFirst() ?? nil, its >= member else { return false }
      if its > member { return true }
    }
    return (numbers.first ?? nil).map { $0 > last } ?? false
  }
}
