internal import DownhillCompute

/// Each number of a row becomes one for each bin of its column, which says how far through the bin it is:
/// (x − low) / (high − low), but at least 0 except in the first bin, and at most 1 except in the last (Gorishniy et al.,
/// "On embeddings for numerical features in tabular deep learning", 2022).
///
///     PiecewiseLinear(edges: [[0, 1, 10], [-1, 0, 1, 2]])  // two columns with 2 and 3 bins: rows of 5
///
/// ∂L/∂x = Σ ∂L/∂y / (high − low) over the bins that x is in.
public struct PiecewiseLinear: Layer {
  /// Where the bins of each column begin, ascending, and where the last one ends.
  public let edges: [[Float]]
  private let lows: [Float]
  private let scales: [Float]
  private let bins: [Int32]

  public init(edges: [[Float]]) {
    self.edges = edges
    lows = edges.flatMap { $0.dropLast() }
    scales = edges.flatMap { edges in zip(edges, edges.dropFirst()).map { 1 / ($1 - $0) } }
    bins = edges.map { Int32(clamping: max(0, $0.count - 1)) }
  }

  public func outputShape(for input: Shape) throws(LayerError) -> Shape {
    guard input.dimensions.count == 1, input.count == edges.count else {
      throw LayerError("PiecewiseLinear has the edges of \(edges.count) columns, and rows have \(input)")
    }
    for (column, edges) in edges.enumerated() {
      guard edges.count > 1, zip(edges, edges.dropFirst()).allSatisfy({ $0 < $1 && (1 / ($1 - $0)).isFinite }),
        edges.allSatisfy(\.isFinite)
      else { throw LayerError("the edges of column \(column) are not two or more ascending numbers: \(edges)") }
    }
    return Shape([lows.count])
  }

  public func multiplicationsPerRow(for input: Shape) -> Int { lows.count }

  public func forward(_ pass: ForwardPass) {
    pass.output.piecewise(of: pass.input, edges: lows, scales: scales, bins: bins)
  }

  public func inputDerivative(_ pass: InputDerivativePass) {
    pass.inputError.piecewiseDerivative(
      input: pass.input, outputError: pass.outputError, edges: lows, scales: scales, bins: bins)
  }

  public var inputDerivativeReads: LayerReads { [.input] }
  public var description: String { "PiecewiseLinear(edges: \(edges))" }
}

extension PiecewiseLinear {
  private enum CodingKeys: CodingKey { case edges }

  public init(from decoder: any Decoder) throws {
    self.init(edges: try decoder.container(keyedBy: CodingKeys.self).decode([[Float]].self, forKey: .edges))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(edges, forKey: .edges)
  }
}
