/// How θ follows its gradient.
///
/// An optimizer is a plain value: settings, and the formula by which a block of θ changes. Its memory of earlier steps,
/// vectors of θ's layout, belongs to the training step, which hands it out block by block:
///
///     struct SignDescent: Optimizer {
///       var description: String { "SignDescent()" }
///       func update(_ pass: UpdatePass) {
///         for i in 0..<pass.theta.count { pass.theta[i] -= Float(pass.rate) * (pass.gradient[i] > 0 ? 1 : -1) }
///       }
///     }
///
/// `checkConformance(of:)` holds an optimizer of your own against what training relies on.
public protocol Optimizer: Sendable, Codable, Equatable, CustomStringConvertible {
  /// How many vectors of θ's layout it remembers from step to step. They are zeros at first.
  var stateVectors: Int { get }

  /// Changes a block of θ, given its gradient.
  ///
  /// Called for each block of θ once a step, on several threads at once, right after the block's gradient is ready and
  /// still in the cache. How θ is cut into blocks must not change what becomes of an element.
  func update(_ pass: UpdatePass)

  /// For a parameter that must be updated as a whole, the floats of memory that this takes; nil, which is the default:
  /// any block of it can be updated by itself.
  ///
  /// Updates as a whole wait until the whole gradient is there, and each has one thread.
  func scratchOfWholeUpdate(of parameter: ParameterRole) -> Int?

  /// What is wrong with the settings; nil, which is the default: nothing.
  var objection: String? { get }
}

extension Optimizer {
  public var stateVectors: Int { 0 }
  public func scratchOfWholeUpdate(of parameter: ParameterRole) -> Int? { nil }
  public var objection: String? { nil }
}

/// What a parameter is to a network.
public struct ParameterRole: Sendable, Equatable {
  public let rows: Int
  public let columns: Int
  public let kind: ParameterKind
  /// Whether no parameter comes after it on the way to the network's output.
  public let isLast: Bool

  public init(rows: Int, columns: Int, kind: ParameterKind = .weights, isLast: Bool = false) {
    self.rows = rows
    self.columns = columns
    self.kind = kind
    self.isLast = isLast
  }

  /// Whether it is a matrix of weights between hidden layers or from the input, not the last.
  public var isHiddenMatrix: Bool { kind == .weights && rows > 1 && columns > 1 && !isLast }
}
