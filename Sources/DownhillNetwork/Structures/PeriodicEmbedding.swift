/// Each number x of a row becomes a small vector: a linear map of cos(2π w x + b) for some frequencies w and phases b, all
/// of them the number's own, and x itself. This is PBLD of Holzmüller et al., "Better by default" (2024).
///
/// The row that comes out has the vectors one after the other, then the row that went in, unless `keepsValue` is false. The
/// parts are layers: `Periodic` and `PerFeatureLinear`.
public struct PeriodicEmbedding: Component {
  public let frequencies: Int
  /// Numbers that the frequencies of one number of the row become.
  public let outputs: Int
  /// The deviation that frequencies start with.
  public let deviation: Float
  public let keepsValue: Bool

  public init(frequencies: Int = 16, outputs: Int = 3, deviation: Float = 0.1, keepsValue: Bool = true) {
    (self.frequencies, self.outputs, self.deviation, self.keepsValue) = (frequencies, outputs, deviation, keepsValue)
  }

  public func expand(in graph: inout Graph, from input: Graph.Value) throws(LayerError) -> Graph.Value {
    let waves = try graph.apply(Periodic(frequencies: frequencies, deviation: deviation), to: input)
    let vectors = try graph.apply(PerFeatureLinear(features: input.shape.count, outputs: outputs), to: waves)
    return try graph.concatenate(keepsValue ? [vectors, input] : [vectors])
  }

  public var description: String {
    var arguments = ["frequencies: \(frequencies)", "outputs: \(outputs)"]
    if deviation != 0.1 { arguments.append("deviation: \(deviation)") }
    if !keepsValue { arguments.append("keepsValue: false") }
    return "PeriodicEmbedding(\(arguments.joined(separator: ", ")))"
  }
}
