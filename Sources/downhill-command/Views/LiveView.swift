import Downhill

/// Training on a terminal: a few lines that are drawn again in place, at most ten times a second.
final class LiveView: TrainingView {
  private var beginning: TrainingEvent.Beginning?
  private var history: [TrainingEvent.Epoch] = []
  private var step: TrainingEvent.Step?
  private var lines = 0
  private let clock = ContinuousClock()
  private var started = ContinuousClock.now
  private var lastDrawn: ContinuousClock.Instant?

  func handle(_ event: TrainingEvent) {
    switch event {
    case .member(let number, let count):
      // Each has lines of its own.
      (history, step, lines) = ([], nil, 0)
      Terminal.print("Network \(number) of \(count)")
    case .began(let beginning):
      self.beginning = beginning
      started = clock.now
      draw()
    case .step(let step):
      self.step = step
      // Looking at the clock costs more than a small network's step.
      if step.step & 15 == 0 { drawIfDue() }
    case .epoch(let epoch):
      history.append(epoch)
      drawIfDue()
    case .warning(let text):
      Terminal.complain("downhill: warning: \(text)")
      lines = 0
      draw()
    case .checkpoint: break
    case .ended: draw()
    }
  }

  private func drawIfDue() {
    if let lastDrawn, clock.now - lastDrawn < .milliseconds(100) { return }
    draw()
  }

  private func draw() {
    guard let beginning else { return }
    lastDrawn = clock.now
    let width = min(Terminal.width, 100)
    let text = picture(beginning, width: width)
    // Back to the first line, each line cleared to its end.
    let up = lines > 0 ? "\u{1B}[\(lines)A" : ""
    Terminal.write(up + text.map { "\r\($0)\u{1B}[K\n" }.joined())
    lines = text.count
  }

  private func picture(_ beginning: TrainingEvent.Beginning, width: Int) -> [String] {
    let total = Double(beginning.epochs) * Double(beginning.stepsPerEpoch)
    let steps = step?.step ?? 0
    let progress = total > 0 ? Double(steps) / total : 0
    let elapsed = (clock.now - started).inSeconds
    let last = history.last
    let epoch = min(beginning.epochs, max(1, step?.epoch ?? 1))

    let barWidth = max(10, width - 44)
    let filled = min(barWidth, Int(progress * Double(barWidth)))
    let bar =
      Style.bright(String(repeating: "━", count: filled)) + Style.dim(String(repeating: "━", count: barWidth - filled))
    var left = ""
    if progress > 0.01 && progress < 1 { left = "\(Format.duration(elapsed / progress * (1 - progress))) left" }
    var result = ["epoch \(epoch)/\(beginning.epochs)  \(bar)  \(Format.duration(elapsed))  \(left)"]

    var numbers = ["loss \(Format.number(last?.loss ?? step?.loss ?? .nan))"]
    if let loss = last?.validationLoss { numbers.append("validation \(Format.number(loss))") }
    numbers += (last?.metrics ?? []).map { "\($0.name) \(Format.number($0.value))" }
    if let rate = step?.rate { numbers.append("rate \(Format.number(rate, digits: 3))") }
    if let speed = last?.rowsPerSecond { numbers.append("\(grouped(Int(speed))) rows/s") }
    result.append(String(numbers.joined(separator: "   ").prefix(width)))

    result.append(curve("loss", history.map(\.loss), width: width))
    if beginning.validationRows > 0 {
      result.append(curve("validation", history.compactMap(\.validationLoss), width: width))
    }
    return result
  }

  private func curve(_ name: String, _ values: [Double], width: Int) -> String {
    let label = name + String(repeating: " ", count: max(0, 11 - name.count))
    return label + Style.bright(Sparkline.draw(values, width: width - 12))
  }
}

/// Colours, where the terminal's user has not asked for none.
private enum Style {
  private static let isOn = !Terminal.refusesColour

  static func bright(_ text: String) -> String { isOn && !text.isEmpty ? "\u{1B}[36m\(text)\u{1B}[0m" : text }
  static func dim(_ text: String) -> String { isOn && !text.isEmpty ? "\u{1B}[2m\(text)\u{1B}[0m" : text }
}

extension Duration {
  var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
