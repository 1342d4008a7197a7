public import DownhillCompute

/// Rows to learn from: inputs, what the network should say to each, and how much each counts.
public struct Samples: Sendable, Equatable {
  public var inputs: Matrix
  public var targets: Targets
  /// One weight a row, 0 or above; nil: all 1.
  public var weights: [Float]?

  public init(inputs: Matrix, targets: Targets, weights: [Float]? = nil) {
    precondition(inputs.rows == targets.count, "\(inputs.rows) rows of inputs, \(targets.count) targets")
    precondition(weights == nil || weights?.count == inputs.rows, "one weight a row")
    self.inputs = inputs
    self.targets = targets
    self.weights = weights
  }

  public var count: Int { inputs.rows }
}

/// What a network should say.
public enum Targets: Sendable, Equatable {
  /// The index of the right class, for each row.
  case classes([Int32])
  /// A row of numbers for each row: values, or a distribution over the classes.
  case values(Matrix)

  public var count: Int {
    switch self {
    case .classes(let codes): codes.count
    case .values(let matrix): matrix.rows
    }
  }
}

/// The targets of some rows, to read.
public enum TargetView {
  case classes(ClassView)
  case values(MatrixView)
}

/// The class indices of some rows, to read.
public struct ClassView {
  package let base: UnsafePointer<Int32>
  public let count: Int

  public subscript(row: Int) -> Int {
    precondition(row >= 0 && row < count, "row \(row) of \(count)")
    return Int(base[row])
  }
}
