import Downhill

/// A line for each training, for logs and pipes.
final class MemberView: TrainingView {
  private var name = "network"
  private var epochs = 0
  private var best: TrainingEvent.Epoch?

  func handle(_ event: TrainingEvent) {
    switch event {
    case .member(let number, let count): name = "network \(number) of \(count)"
    case .began: (epochs, best) = (0, nil)
    case .epoch(let epoch):
      epochs += 1
      if epoch.isBest || best == nil { best = epoch }
    case .ended:
      let loss = best?.validationLoss.map { ", validation \(Format.number($0))" } ?? ""
      Terminal.print("\(name): \(epochs) epochs, the best \(best?.epoch ?? 0)\(loss)")
    case .warning(let text): Terminal.complain("downhill: warning: \(text)")
    case .step, .checkpoint: break
    }
  }
}
