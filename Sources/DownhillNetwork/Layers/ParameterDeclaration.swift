/// One matrix or vector of parameters that a layer asks for.
public struct ParameterDeclaration: Sendable, Equatable {
  /// Its name within the layer: `weights`, `bias`.
  public let name: String
  public let rows: Int
  public let columns: Int
  /// How it starts; nil: as suits the activation that follows.
  public let initializer: Initializer?

  public init(_ name: String, rows: Int, columns: Int, initializer: Initializer? = nil) {
    self.name = name
    self.rows = rows
    self.columns = columns
    self.initializer = initializer
  }
}

/// Where a parameter stands in θ.
struct ParameterBlock {
  let offset: Int
  let rows: Int
  let columns: Int
  var count: Int { rows * columns }
}
