/// What kind of parameter one is: rates and decays may differ by it.
public enum ParameterKind: String, Sendable, Codable, CaseIterable {
  /// The matrix of a linear map, or a convolution's kernels.
  case weights
  /// Something that is added.
  case bias
  /// Something that is multiplied with, one number a feature.
  case scale
  /// Vectors that stand for codes.
  case embedding

  /// All kinds.
  public static let all = Set(allCases)
}

/// Factors on the learning rate and on the weight decay of some parameters.
public struct LearningFactors: Sendable, Codable, Equatable {
  public var rate: Double
  public var decay: Double

  public init(rate: Double = 1, decay: Double = 1) {
    self.rate = rate
    self.decay = decay
  }

  /// Both factors, one after the other.
  static func * (a: LearningFactors, b: LearningFactors) -> LearningFactors {
    LearningFactors(rate: a.rate * b.rate, decay: a.decay * b.decay)
  }

  /// What is wrong with them; nil: nothing.
  var objection: String? {
    for (name, factor) in [("rate", rate), ("decay", decay)] where !(factor >= 0 && factor < .infinity) {
      return "a factor on the \(name) is at least 0, not \(factor)"
    }
    return nil
  }
}
