/// Branches side by side, their outputs one after the other in a row.
///
///     Concatenate {
///       Branch(columns: 0..<4) { Linear(16); ReLU() }
///       Branch(columns: 4..<20)  // as they are
///     }
///
/// Each branch takes the whole row, or some of its columns.
public struct Concatenate: Component {
  public let branches: [Branch]

  public init(@BranchBuilder _ branches: () -> [Branch]) { self.init(branches: branches()) }
  public init(branches: [Branch]) { self.branches = branches }

  public func expand(in graph: inout Graph, from input: Graph.Value) throws(LayerError) -> Graph.Value {
    guard !branches.isEmpty else { throw LayerError("Concatenate needs at least one branch") }
    var outputs: [Graph.Value] = []
    for branch in branches { outputs.append(try graph.apply(branch, to: input)) }
    return try graph.concatenate(outputs)
  }

  public var description: String { describe("Concatenate", branches) }
}

/// Layers one after the other on all or some of a row's columns: a part of `Concatenate`.
public struct Branch: Component {
  /// Which columns of its input it takes; nil: all.
  public let columns: Range<Int>?
  /// Columns of a table that it takes by their names, instead of `columns`; a `Learner` finds out which numbers of a row
  /// these are.
  public let names: [String]?
  public let layers: [any Component]

  public init(columns: Range<Int>? = nil, @NetworkBuilder _ layers: () -> [any Component] = { [] }) {
    self.init(columns: columns, layers: layers())
  }

  public init(columns: Range<Int>? = nil, layers: [any Component]) {
    self.columns = columns
    names = nil
    self.layers = layers
  }

  /// The columns of a table in the order given: `Branch(named: ["age", "fare"]) { Linear(8) }`. It stands where rows are
  /// still those of the table.
  public init(named names: [String], @NetworkBuilder _ layers: () -> [any Component] = { [] }) {
    self.init(named: names, layers: layers())
  }

  public init(named names: [String], layers: [any Component]) {
    columns = nil
    self.names = names
    self.layers = layers
  }

  public func expand(in graph: inout Graph, from input: Graph.Value) throws(LayerError) -> Graph.Value {
    if let names {
      throw LayerError(
        "the columns \(names.map { "“\($0)”" }.joined(separator: ", ")) have numbers only where the network learns from a table"
      )
    }
    let start = if let columns { try graph.columns(columns, of: input) } else { input }
    return try graph.apply(layers, to: start)
  }

  public var description: String {
    let arguments =
      columns.map { "(columns: \($0.lowerBound)..<\($0.upperBound))" } ?? names.map { "(named: \($0))" } ?? ""
    return describe("Branch" + arguments, layers)
  }
}

extension Branch: Equatable {
  public static func == (a: Branch, b: Branch) -> Bool {
    a.columns == b.columns && a.names == b.names && areEqual(a.layers, b.layers)
  }
}

extension Branch: Codable {
  private enum CodingKeys: CodingKey { case columns, layers }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    layers = try container.decode([CodedComponent].self, forKey: .layers).map(\.component)
    if let names = try? container.decodeIfPresent([String].self, forKey: .columns), !names.isEmpty {
      (columns, self.names) = (nil, names)
      return
    }
    names = nil
    columns = try container.decodeIfPresent([Int].self, forKey: .columns).map { bounds in
      guard bounds.count == 2, bounds[0] <= bounds[1] else {
        throw DecodingError.dataCorruptedError(
          forKey: .columns, in: container, debugDescription: "columns are the first and the one behind the last")
      }
      return bounds[0]..<bounds[1]
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encodeIfPresent(columns.map { [$0.lowerBound, $0.upperBound] }, forKey: .columns)
    try container.encodeIfPresent(names, forKey: .columns)
    try container.encode(layers.map(CodedComponent.init), forKey: .layers)
  }
}

/// Builds the list of branches.
@resultBuilder
public enum BranchBuilder {
  public static func buildExpression(_ branch: Branch) -> [Branch] { [branch] }
  public static func buildExpression(_ branches: [Branch]) -> [Branch] { branches }
  public static func buildBlock(_ parts: [Branch]...) -> [Branch] { parts.flatMap { $0 } }
  public static func buildOptional(_ part: [Branch]?) -> [Branch] { part ?? [] }
  public static func buildEither(first part: [Branch]) -> [Branch] { part }
  public static func buildEither(second part: [Branch]) -> [Branch] { part }
  public static func buildArray(_ parts: [[Branch]]) -> [Branch] { parts.flatMap { $0 } }
}
