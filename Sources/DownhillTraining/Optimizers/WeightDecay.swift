internal import DownhillCompute
internal import DownhillNetwork

/// What pulls parameters towards 0: all of them, biases too, unless the update rule or the network says otherwise.
public enum WeightDecay: Sendable, Codable, Equatable {
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

extension UpdateConstants {
  /// The rate of a pass, and a weight decay with the pass's factor.
  init(_ pass: UpdatePass, _ decay: WeightDecay) {
    self.init(rate: pass.rate)
    switch decay {
    case .none: break
    case .l2(let strength): l2 = strength * pass.decayFactor
    case .decoupled(let strength): shrinkage = 1 - pass.rate * strength * pass.decayFactor
    }
  }
}
