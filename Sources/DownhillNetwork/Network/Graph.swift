/// How values flow through the layers of a network: nodes in an order in which they can run, each of which makes one value
/// out of others.
public struct Graph: Sendable {
  /// A value for each row of a batch: the network's input, or what a node makes.
  public struct Value: Sendable {
    let index: Int
    public let shape: Shape
  }

  struct Node: Sendable {
    let work: Work
    /// The values that it reads, and the one that it makes.
    let inputs: [Int]
    let output: Int
    /// Where it stands in the network: the index of a component, then of a part of that, and so on.
    let path: [Int]
    /// Of the groups around it, from outside.
    let groups: [Group]
  }

  /// Factors for some kinds of parameters.
  struct Group: Sendable {
    let factors: LearningFactors
    let kinds: Set<ParameterKind>
  }

  enum Work: Sendable {
    case layer(any Layer)
    /// The sum of values of one shape.
    case sum
    /// Values one after the other in a row.
    case concatenation
    /// Some of a row's numbers.
    case columns(Range<Int>)

    var layer: (any Layer)? {
      if case .layer(let layer) = self { layer } else { nil }
    }
  }

  private(set) var nodes: [Node] = []
  private(set) var shapes: [Shape]
  /// Where the component stands that is being expanded, and how many parts of it were.
  private var path: [Int] = []
  private var parts = 0
  /// The groups around what is being expanded.
  private var groups: [Group] = []

  init(inputs: Shape) { shapes = [inputs] }

  var input: Value { Value(index: 0, shape: shapes[0]) }

  /// Applies a component to a value: a part of the structure that is being expanded. Its parameters are named by its place
  /// among these.
  public mutating func apply(_ component: any Component, to value: Value) throws(LayerError) -> Value {
    let (ownPath, ownParts) = (path, parts)
    (path, parts) = (ownPath + [ownParts], 0)
    defer { (path, parts) = (ownPath, ownParts + 1) }
    do {
      return try component.expand(in: &self, from: value)
    } catch {
      throw ownPath.isEmpty || error.isPlaced ? error : error.placed(at: "part \(ownParts), \(component.summary)")
    }
  }

  /// Applies components one after the other.
  public mutating func apply(_ components: [any Component], to value: Value) throws(LayerError) -> Value {
    var value = value
    for component in components { value = try apply(component, to: value) }
    return value
  }

  /// Applies components one after the other; parameters in them, if of these kinds, learn with these factors on rate and
  /// weight decay.
  public mutating func apply(
    _ components: [any Component], to value: Value, factors: LearningFactors,
    of kinds: Set<ParameterKind> = ParameterKind.all
  ) throws(LayerError) -> Value {
    groups.append(Group(factors: factors, kinds: kinds))
    defer { groups.removeLast() }
    return try apply(components, to: value)
  }

  /// The sum of values of the same shape.
  public mutating func sum(_ values: [Value]) throws(LayerError) -> Value {
    guard let first = values.first else { throw LayerError("a sum of no values") }
    if let other = values.first(where: { $0.shape != first.shape }) {
      throw LayerError("values of the shapes \(first.shape) and \(other.shape) can't be added")
    }
    return add(.sum, to: values, shape: first.shape)
  }

  /// Values one after the other in a row.
  public mutating func concatenate(_ values: [Value]) throws(LayerError) -> Value {
    guard !values.isEmpty else { throw LayerError("nothing to concatenate") }
    if values.count == 1 { return values[0] }
    var count = 0
    for value in values {
      let (sum, overflow) = count.addingReportingOverflow(value.shape.count)
      if overflow { throw LayerError("rows too long to be numbered") }
      count = sum
    }
    return add(.concatenation, to: values, shape: Shape([count]))
  }

  /// Some of a row's numbers.
  public mutating func columns(_ range: Range<Int>, of value: Value) throws(LayerError) -> Value {
    guard range.lowerBound >= 0, range.upperBound <= value.shape.count, !range.isEmpty else {
      throw LayerError("columns \(range) of rows of \(value.shape.count)")
    }
    return range.count == value.shape.count ? value : add(.columns(range), to: [value], shape: Shape([range.count]))
  }

  mutating func add(_ layer: any Layer, to value: Value) throws(LayerError) -> Value {
    let shape = try layer.outputShape(for: value.shape)
    guard let width = shape.checkedCount, width > 0 else { throw LayerError("an output row of the shape \(shape)") }
    return add(.layer(layer), to: [value], shape: shape)
  }

  private mutating func add(_ work: Work, to values: [Value], shape: Shape) -> Value {
    nodes.append(Node(work: work, inputs: values.map(\.index), output: shapes.count, path: path, groups: groups))
    shapes.append(shape)
    return Value(index: shapes.count - 1, shape: shape)
  }

  /// The nodes that read each value.
  var readers: [[Int]] {
    var readers = [[Int]](repeating: [], count: shapes.count)
    for (index, node) in nodes.enumerated() {
      for input in node.inputs { readers[input].append(index) }
    }
    return readers
  }
}
