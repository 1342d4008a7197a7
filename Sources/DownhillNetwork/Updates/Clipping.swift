/// Bounds on the gradient, so that one bad batch can't throw θ far off. With both, the norm comes first.
public struct Clipping: Sendable, Codable, Equatable {
  /// c in g ← g · min(1, c / ‖g‖), ‖g‖ the Euclidean norm of the whole gradient (Pascanu, Mikolov and Bengio, "On the
  /// difficulty of training recurrent neural networks", 2013); nil: no bound.
  public var norm: Double?
  /// c in gᵢ ← min(max(gᵢ, −c), c), element by element; nil: no bound.
  public var value: Double?

  public init(norm: Double? = nil, value: Double? = nil) {
    self.norm = norm
    self.value = value
  }

  /// What is wrong with the bounds; nil: nothing.
  public var objection: String? {
    for (name, bound) in [("norm", norm), ("value", value)] {
      if let bound, !(bound > 0 && bound < .infinity) {
        return "a gradient's \(name) is clipped to a bound above 0, not \(bound)"
      }
    }
    return nil
  }
}
