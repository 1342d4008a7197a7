import Downhill

/// Trials in words.
struct TrialText {
  let space: SearchSpace
  /// What the study began with.
  let usual: SearchPoint

  init(_ plan: StudyPlan) { (space, usual) = (plan.space, plan.usual ?? [:]) }

  /// What is not as it was at first: `depth 2, dropout 0.31`.
  func changes(_ trial: Trial) -> String {
    if trial.number == 0 { return "as it is" }
    let parts = space.dimensions.compactMap { dimension -> String? in
      guard let value = trial.point[dimension.name], value != usual[dimension.name] else { return nil }
      return "\(dimension.name) \(Self.word(value))"
    }
    return parts.joined(separator: ", ")
  }

  static func word(_ value: SearchValue) -> String {
    if let number = value.number, value.whole == nil { return Format.number(number, digits: 3) }
    return value.description
  }

  /// How much better than the first, in per cent.
  static func gain(_ score: Double, over first: Double?) -> String? {
    guard let first, first > 0 else { return nil }
    let share = (score / first - 1) * 100
    return (share > 0 ? "+" : share < 0 ? "−" : "±") + "\(Format.fixed(abs(share), decimals: 1)) %"
  }
}

extension Sequence<Trial> {
  func count(_ outcome: Trial.Outcome) -> Int { reduce(0) { $0 + ($1.outcome == outcome ? 1 : 0) } }

  /// `12 finished, 21 stopped early, 1 failed`
  var outcomes: String {
    [(Trial.Outcome.complete, "finished"), (.stopped, "stopped early"), (.failed, "failed")]
      .map { (count($0), $1) }.filter { $0.0 > 0 }.map { "\(grouped($0)) \($1)" }.joined(separator: ", ")
  }
}

extension Importance {
  /// `learning-rate 31 %, dropout 12 %`, those that matter.
  func text(most: Int) -> String {
    shares.prefix(most).filter { $0.share >= 0.005 }
      .map { "\($0.name) \(Format.fixed(100 * $0.share, decimals: 0)) %" }.joined(separator: ", ")
  }
}
