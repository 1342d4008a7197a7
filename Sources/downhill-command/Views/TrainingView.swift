import Downhill

/// Something that shows or records training as it goes.
protocol TrainingView: AnyObject {
  func handle(_ event: TrainingEvent)
}

/// One line for some of the epochs, for logs and pipes: the first, the last, and about twenty in between.
final class PlainView: TrainingView {
  private var every = 1
  private var epochs = 0

  func handle(_ event: TrainingEvent) {
    switch event {
    case .member(let number, let count): Terminal.print("\(number == 1 ? "" : "\n")Member \(number) of \(count)")
    case .began(let beginning):
      epochs = beginning.epochs
      every = max(1, beginning.epochs / 20)
    case .epoch(let epoch):
      if epoch.epoch == 1 || epoch.epoch % every == 0 || epoch.epoch == epochs { Terminal.print(line(epoch)) }
    case .warning(let text): Terminal.complain("downhill: warning: \(text)")
    case .step, .checkpoint, .ended: break
    }
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

/// The loss as a CSV file: a row an epoch, or a row a step.
final class HistoryView: TrainingView {
  enum Grain: String, CaseIterable { case epoch, step }

  private let file: LineFile
  private let grain: Grain
  private var wroteHeader = false

  init(_ file: LineFile, every grain: Grain) {
    self.file = file
    self.grain = grain
    wroteHeader = file.goesOn
    if grain == .step, !file.goesOn { file.write("step,loss") }
  }

  func handle(_ event: TrainingEvent) {
    switch (event, grain) {
    case (.began(let beginning), _) where file.goesOn:
      // What was done after the checkpoint is done again.
      let steps = beginning.resumedAfter
      let last = grain == .step ? steps : steps / max(1, beginning.stepsPerEpoch)
      file.keep { line in line.prefix { $0 != "," }.description.isNumber(upTo: last) }
    case (.step(let step), .step): file.write("\(step.step),\(step.loss)")
    case (.epoch(let epoch), .epoch):
      if !wroteHeader {
        file.write((["epoch", "loss", "validationLoss"] + epoch.metrics.map(\.name) + ["rate"]).joined(separator: ","))
        wroteHeader = true
      }
      let validation = epoch.validationLoss.map { "\($0)" } ?? ""
      let fields = ["\(epoch.epoch)", "\(epoch.loss)", validation] + epoch.metrics.map { "\($0.value)" }
      file.write((fields + ["\(epoch.rate)"]).joined(separator: ","))
    default: break
    }
  }
}

extension String {
  /// Whether a field is a heading, or a number up to a last one.
  fileprivate func isNumber(upTo last: Int) -> Bool { Int(self).map { $0 <= last } ?? true }
}
