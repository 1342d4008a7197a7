/// One matrix or vector of parameters that a layer asks for.
public struct ParameterDeclaration: Sendable, Equatable {
  /// Its name within the layer: `weights`, `bias`.
  public let name: String
  public let rows: Int
  public let columns: Int
  /// How it starts; nil: as suits the activation that follows.
  public let initializer: Initializer?
  /// Whether its derivative falls out of that of the parameter before it: a bias, whose gradient sums the rows of errors
  /// that the gradient of the weights passes over anyway.
  public let derivedWithPrevious: Bool
  /// Whether `inputDerivative` multiplies with its transpose: a step may keep a copy for that, see `ParameterViews`.
  public let isTransposedOnTheWayBack: Bool
  public let kind: ParameterKind
  /// Factors on rate and weight decay that suit this parameter wherever its layer stands.
  public let factors: LearningFactors
  /// Whether it follows a gradient. What doesn't is the layer's state: it stands in θ, so that it is saved, copied and put
  /// back with the rest, but has no gradient, and no optimizer touches it; `Layer.updateState` does, in each step.
  public let isTrained: Bool

  /// - Parameter kind: nil: weights, or a bias where there is one row.
  public init(
    _ name: String, rows: Int, columns: Int, initializer: Initializer? = nil, derivedWithPrevious: Bool = false,
    isTransposedOnTheWayBack: Bool = false, kind: ParameterKind? = nil, factors: LearningFactors = LearningFactors(),
    isTrained: Bool = true
  ) {
    self.kind = kind ?? (rows == 1 ? .bias : .weights)
    self.factors = factors
    self.name = name
    self.rows = rows
    self.columns = columns
    self.initializer = initializer
    self.derivedWithPrevious = derivedWithPrevious
    self.isTransposedOnTheWayBack = isTransposedOnTheWayBack
    self.isTrained = isTrained
  }
}

/// Where a parameter stands in θ.
struct ParameterBlock {
  let offset: Int
  let rows: Int
  let columns: Int
  let derivedWithPrevious: Bool
  let isTransposedOnTheWayBack: Bool
  var isTrained = true
  /// Where its transpose stands among those that are kept; nil: it is not kept.
  var transposedOffset: Int?
  var count: Int { rows * columns }
  /// From one row of the transpose to the next. Rows that are powers of two apart would drive each other out of the caches.
  var transposedStride: Int { rows % 256 == 0 ? rows + 16 : rows }
}
