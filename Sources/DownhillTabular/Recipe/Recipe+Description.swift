internal import DownhillNetwork

extension Recipe {
  /// Name and version: `default@2`. `plain` has one version only.
  public var reference: RecipeReference { RecipeReference(name, version: version ?? 1) }
}

extension Recipe: CustomStringConvertible {
  /// Everything that the recipe decides but for the network, which prints itself.
  public var description: String {
    var parts = [optimizer.rawValue]
    if optimizer != .lbfgs, let learningRate { parts.append("rate \(learningRate)") }
    switch optimizer {
    case .sgd, .nesterov, .muon: parts.append("momentum \(momentum)")
    case .adam, .adamw, .nadam, .lion: parts.append("β₂ \(beta2)")
    case .rmsprop: parts.append("β \(beta2)" + (momentum > 0 ? ", momentum \(momentum)" : ""))
    case .gd, .adagrad: break
    case .lbfgs: parts.append("steps by line search")
    }
    if optimizer != .lbfgs { parts.append("\(schedule) schedule") }
    for (what, schedule) in [
      ("momentum", momentumSchedule), ("decay", decaySchedule), ("dropout", dropoutSchedule),
    ] {
      if let schedule { parts.append("\(schedule) schedule of \(what)") }
    }
    if weightDecay > 0 {
      let spared = (undecayed ?? []).map(\.rawValue).joined(separator: " and ")
      parts.append("weight decay \(weightDecay)" + (spared.isEmpty ? "" : " but of \(spared)"))
    }
    if let clipNorm { parts.append("gradient norm up to \(clipNorm)") }
    if let clipValue { parts.append("gradient elements up to \(clipValue)") }
    if let average { parts.append("moving average \(average)") }
    if optimizer.takesAllRows {
      parts.append("all rows in a step")
    } else if let batchSize {
      parts.append("batches of \(batchSize)")
    }
    if let epochs {
      parts.append("\(epochs) epochs" + (patience.map { ", ended after \($0) without a better one" } ?? ""))
    }
    if let loss { parts.append("loss \(loss)") }
    parts.append(scaling == .none ? "numbers as they stand" : "\(scaling.rawValue) scaling")
    if let members, members > 1 {
      parts.append("\(members) networks, each validated on a fold of its own")
      if keepsBest { parts.append("of each the best epoch by validation \(monitor.rawValue)") }
    } else {
      if keepsBest && validation > 0 { parts.append("the best epoch by validation \(monitor.rawValue)") }
      if refits && keepsBest && validation > 0 { parts.append("refit on all rows") }
    }
    return "recipe \(reference): " + parts.joined(separator: ", ")
  }
}
