public import DownhillCompute

/// Codes become vectors: each number of a row is a code, 0, 1, 2, …, and is replaced by that row of a table, whose numbers
/// are parameters (Guo and Berkhahn, "Entity embeddings of categorical variables", 2016).
///
///     Embedding(categories: [5, 12], width: 8)  // two columns with a table each: rows of 16
///     Embedding(categories: 1000, width: 8)     // one table for all columns
///
/// Samples and rows to predict with a code that the table doesn't have are refused where they come in. A code that is
/// made inside the network is rounded, and taken as 0 if the table doesn't have it; so row 0 may stand for what is
/// unknown. Derivatives: ∂L/∂x = 0; ∂L/∂(row of a table) is the sum of ∂L/∂y over where it was taken.
public struct Embedding: Layer {
  /// How many codes there are: for each column, or for all.
  public let categories: [Int]
  /// Whether all columns have the same table.
  public let shared: Bool
  /// Numbers that a code becomes.
  public let width: Int
  public let initializer: Initializer
  private let tables: CodeTables

  /// One table for all columns.
  public init(categories: Int, width: Int, initializer: Initializer = .normal(standardDeviation: 1)) {
    self.init([categories], shared: true, width, initializer)
  }

  /// A table for each column.
  public init(categories: [Int], width: Int, initializer: Initializer = .normal(standardDeviation: 1)) {
    self.init(categories, shared: false, width, initializer)
  }

  private init(_ categories: [Int], shared: Bool, _ width: Int, _ initializer: Initializer) {
    (self.categories, self.shared, self.width, self.initializer) = (categories, shared, width, initializer)
    tables = CodeTables(counts: categories, isShared: shared)
  }

  public func outputShape(for input: Shape) throws(LayerError) -> Shape {
    guard width > 0 else { throw LayerError("Embedding makes vectors of at least one number, not \(width)") }
    guard shared ? categories.count == 1 : categories.count == input.count else {
      throw LayerError("Embedding has tables for \(categories.count) columns, and rows have \(input.count)")
    }
    var total = 0
    for count in categories {
      // As floats, larger codes are not all told apart.
      guard count > 0, count <= 1 << 24 else {
        throw LayerError("a table of an embedding has 1 to 16,777,216 categories, not \(count)")
      }
      total += count
    }
    guard total <= Int(Int32.max) else { throw LayerError("an embedding of \(total) categories; 2,147,483,647 fit") }
    let (columns, overflow) = input.count.multipliedReportingOverflow(by: width)
    if overflow { throw LayerError("rows too long to be numbered") }
    return Shape([columns])
  }

  public func parameters(for input: Shape) -> [ParameterDeclaration] {
    [
      ParameterDeclaration(
        "table", rows: categories.reduce(0, +), columns: width, initializer: initializer, kind: .embedding)
    ]
  }

  public func multiplicationsPerRow(for input: Shape) -> Int { input.count * width }
  public func forward(_ pass: ForwardPass) { pass.output.embed(pass.input, in: pass.parameters[0], tables) }
  public func inputDerivative(_ pass: InputDerivativePass) { pass.inputError.fill(0) }

  public func parameterDerivative(_ pass: ParameterDerivativePass) {
    pass.gradient.embedSums(input: pass.input, outputError: pass.outputError, tables, rows: pass.rows)
  }

  public var inputDerivativeReads: LayerReads { [] }

  public var description: String {
    var arguments = ["categories: \(shared ? "\(categories.first ?? 0)" : "\(categories)")", "width: \(width)"]
    if initializer != .normal(standardDeviation: 1) { arguments.append("initializer: .\(initializer)") }
    return "Embedding(\(arguments.joined(separator: ", ")))"
  }
}

extension Embedding: SelectiveLayer {
  public func objection(to input: MatrixView) -> String? {
    for row in 0..<input.rows {
      for column in 0..<input.columns {
        let code = input[row, column], count = categories[shared ? 0 : column]
        if code >= 0, code < Float(count), code == code.rounded() { continue }
        return "row \(row) has \(code) in column \(column) of an embedding; its codes are the whole numbers from 0 to "
          + "\(count - 1)"
      }
    }
    return nil
  }
}

extension Embedding {
  private enum CodingKeys: CodingKey { case categories, shared, width, initializer }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      try container.decode([Int].self, forKey: .categories), shared: try container.decode(Bool.self, forKey: .shared),
      try container.decode(Int.self, forKey: .width), try container.decode(Initializer.self, forKey: .initializer))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(categories, forKey: .categories)
    try container.encode(shared, forKey: .shared)
    try container.encode(width, forKey: .width)
    try container.encode(initializer, forKey: .initializer)
  }
}
