package import DownhillTraining

/// How trees are boosted.
package struct BoostingOptions: Sendable {
  /// Trees of each output, at most.
  package var rounds = 300
  package var rate = 0.1
  /// Rounds without a lower loss of the validation rows after which boosting ends.
  package var patience = 20
  package var growth = GrowthOptions()
  /// After which it ends with what there is; nil: no limit.
  package var seconds: Double?
  package var stop: StopSignal?

  package init() {}
}
