/// What a network is composed of: a `Layer`, or a structure of layers such as `Residual` and `Concatenate`.
///
/// A structure says how values flow between its parts; the plan then runs these as if they stood in the network
/// themselves. So layers inside a structure are cut into the same tiles, fused with their neighbours and updated like any
/// other, however deep they are nested. A structure of your own is a conformance with an `expand` of its own.
public protocol Component: Sendable, Codable, Equatable, CustomStringConvertible {
  /// The name of this kind of component in model files; by default that of the type.
  static var kind: String { get }

  /// Adds to a graph what this component does to a value.
  /// - Returns: the value that comes out.
  /// - Throws: `LayerError` saying what is wrong with this component or with this value.
  func expand(in graph: inout Graph, from input: Graph.Value) throws(LayerError) -> Graph.Value
}

extension Component {
  public static var kind: String { String(describing: Self.self) }

  /// Whether another component is of the same kind with the same settings.
  package func isEqual(to other: any Component) -> Bool { (other as? Self) == self }
}

extension Layer {
  public func expand(in graph: inout Graph, from input: Graph.Value) throws(LayerError) -> Graph.Value {
    try graph.add(self, to: input)
  }
}
