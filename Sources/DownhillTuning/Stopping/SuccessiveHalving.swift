/// Ends trials that fall behind early: at each rung only those go on whose value is among the best 1/η of all that got there.
///
/// The stopping variant of ASHA (Li et al., "A system for massively parallel hyperparameter tuning", arXiv 1810.05934): a trial
/// that comes to a rung is held against those that came there before, and nobody waits for others.
public struct SuccessiveHalving: Sendable, Equatable, Codable {
  /// η.
  public var factor: Int

  public init(factor: Int = 3) { self.factor = max(2, factor) }

  /// Whether a trial goes on from a rung: its value is among the best ⌊(n + 1)/η⌋ of n + 1, its own included. Where that is not
  /// one yet, all go on.
  /// - Parameters:
  ///   - value: the lower the better; what is not a number is worse than all.
  ///   - others: the values with which n others came there.
  public func goesOn(_ value: Double, among others: [Double]) -> Bool {
    let places = (others.count + 1) / factor
    if places == 0 { return !value.isNaN }
    if value.isNaN { return false }
    return others.count { $0 < value } < places
  }
}
