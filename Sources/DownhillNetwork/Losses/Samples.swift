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

  /// wᵢ cᵢ, what each row counts in the mean under a loss; nil: all 1.
  func counts(for loss: any Loss) -> [Float]? {
    guard let counts = loss.rowCounts(for: targets) else { return weights }
    return weights.map { zip($0, counts).map(*) } ?? counts
  }

  /// Inputs, targets and weights as views, for the duration of the call.
  func withViews<Result>(_ body: (MatrixView, TargetView, UnsafePointer<Float>?) -> Result) -> Result {
    inputs.withView { inputs in
      targets.withView { targets in
        guard let weights else { return body(inputs, targets, nil) }
        return weights.withUnsafeBufferPointer { body(inputs, targets, $0.baseAddress) }
      }
    }
  }
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

  fileprivate func withView<Result>(_ body: (TargetView) -> Result) -> Result {
    switch self {
    case .classes(let codes):
      codes.withUnsafeBufferPointer { codes in
        // An empty array may have no address; nobody reads it then.
        body(.classes(ClassView(base: codes.baseAddress ?? UnsafePointer(bitPattern: 4)!, count: codes.count)))
      }
    case .values(let matrix): matrix.withView { body(.values($0)) }
    }
  }
}

/// The targets of some rows, to read.
public enum TargetView {
  case classes(ClassView)
  case values(MatrixView)

  subscript(rows range: Range<Int>) -> TargetView {
    switch self {
    case .classes(let classes): .classes(ClassView(base: classes.base + range.lowerBound, count: range.count))
    case .values(let matrix): .values(matrix[rows: range])
    }
  }
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
