public import DownhillNetwork

/// How θ follows its gradient. Optimizers stand here in order of rising complexity: `GradientDescent`, `Momentum`,
/// `Nesterov`, `Adam`.
///
/// An optimizer is a plain value. Its memory of earlier steps is an `OptimizerState`.
public protocol Optimizer: Sendable, CustomStringConvertible {
  /// A state that remembers nothing yet, for a θ of `count` parameters.
  func makeState(count: Int) -> any OptimizerState

  /// What is wrong with the settings; nil: nothing.
  var objection: String? { get }
}

/// An optimizer at work: vectors of θ's layout, and the update of a block of θ.
public protocol OptimizerState: ParameterUpdate {
  /// Called once before the blocks of a step are updated.
  /// - Parameters:
  ///   - step: from 0.
  ///   - rate: the learning rate η of this step.
  func begin(step: Int, rate: Double)

  /// The same with all that schedules say for the step; by default only the rate counts.
  func begin(_ values: StepValues)
}

extension OptimizerState {
  public func begin(_ values: StepValues) { begin(step: values.step, rate: values.rate) }
}

/// What pulls the parameters towards 0, all of them, biases too.
public enum WeightDecay: Sendable, Equatable {
  case none
  /// An L2 penalty λ/2 ‖θ‖² on the loss: λθ is added to the gradient, and goes wherever the gradient goes.
  case l2(Double)
  /// θ ← θ − ηλθ beside the update (Loshchilov and Hutter, "Decoupled weight decay regularization", 2019).
  case decoupled(Double)

  /// λ
  public var strength: Double {
    switch self {
    case .none: 0
    case .l2(let strength), .decoupled(let strength): strength
    }
  }

  var objection: String? {
    strength >= 0 && strength.isFinite ? nil : "a weight decay is a number of at least 0, not \(strength)"
  }

  /// As an argument of an optimizer's constructor; empty where there is none.
  var argument: String {
    switch self {
    case .none: ""
    case .l2(let strength): "weightDecay: .l2(\(strength))"
    case .decoupled(let strength): "weightDecay: .decoupled(\(strength))"
    }
  }
}
