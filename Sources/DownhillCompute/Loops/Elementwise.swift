internal import CKernels

/// A function of one number, applied to each element.
public enum Elementwise: Sendable, Equatable {
  case identity
  /// max(x, 0)
  case relu
  /// x where x > 0, else slope · x
  case leakyReLU(slope: Float)
  /// x where x > 0, else α (eˣ − 1)
  case elu(alpha: Float)
  /// λ x where x > 0, else λ α (eˣ − 1), with the constants that keep mean 0 and variance 1
  case selu
  /// 1 / (1 + e⁻ˣ)
  case sigmoid
  case tanh
  /// x Φ(x), Φ the normal distribution function
  case gelu
  /// x / (1 + e⁻ˣ)
  case silu
  /// x tanh(log(1 + eˣ))
  case mish
  /// log(1 + e^βx) / β, β > 0
  case softplus(beta: Float)
  /// x held within two bounds
  case hardTanh(low: Float, high: Float)

  var kernel: dh_elementwise {
    func function(_ kind: dh_activation, _ p: Float = 0, _ q: Float = 0) -> dh_elementwise {
      dh_elementwise(kind: kind, p: p, q: q)
    }
    return switch self {
    case .identity: function(dh_identity)
    case .relu: function(dh_relu)
    case .leakyReLU(let slope): function(dh_leaky_relu, slope)
    case .elu(let alpha): function(dh_elu, alpha)
    case .selu: function(dh_selu)
    case .sigmoid: function(dh_sigmoid)
    case .tanh: function(dh_tanh)
    case .gelu: function(dh_gelu)
    case .silu: function(dh_silu)
    case .mish: function(dh_mish)
    case .softplus(let beta): function(dh_softplus, beta)
    case .hardTanh(let low, let high): function(dh_hard_tanh, low, high)
    }
  }

  /// Whether the derivative can be read off the function's value; then the input need not be kept.
  public var derivativeReadsOutput: Bool { dh_derivative_from_output(kernel.kind) != 0 }
}

extension MutableMatrixView {
  /// y = f(x), and f′(x) into `derivative` where it is given. The input may be this very view.
  public func apply(_ function: Elementwise, to x: MatrixView, derivative: MutableMatrixView? = nil) {
    let f = function.kernel
    guard let derivative else {
      return forEachRun(x) { x, y, count in kernels.activate(f, x, y, count) }
    }
    derivative.checkShape(x)
    checkShape(x)
    for row in 0..<rows {
      kernels.activate_keeping(
        f, x.base + row * x.rowStride, base + row * rowStride, derivative.base + row * derivative.rowStride, columns)
    }
  }

  /// dx = dy · f′, with f′ read off `reference`: the output of f where `derivativeReadsOutput`, else its input.
  /// `dy` may be this very view.
  public func applyDerivative(of function: Elementwise, reference: MatrixView, outputError dy: MatrixView) {
    let f = function.kernel
    forEachRun(reference, dy) { reference, dy, dx, count in
      kernels.activate_derivative(f, reference, dy, dx, count)
    }
  }

  /// z = x ⊙ y. Either may be this very view.
  public func multiply(_ x: MatrixView, _ y: MatrixView) {
    forEachRun(x, y) { x, y, z, count in kernels.multiply(x, y, z, count) }
  }

  /// z = x + y. Either may be this very view.
  public func add(_ x: MatrixView, _ y: MatrixView) {
    forEachRun(x, y) { x, y, z, count in kernels.add(x, y, z, count) }
  }

  /// y += a x
  public func addScaled(_ a: Float, _ x: MatrixView) {
    forEachRun(x) { x, y, count in kernels.add_scaled(a, x, y, count) }
  }

  /// y = x
  public func copy(_ x: MatrixView) {
    checkShape(x)
    if x.base == UnsafePointer(base) && x.rowStride == rowStride { return }
    forEachRun(x) { x, y, count in y.update(from: x, count: count) }
  }

  /// Every element becomes `value`.
  public func fill(_ value: Float) {
    for row in 0..<rows { (base + row * rowStride).update(repeating: value, count: columns) }
  }

  /// Calls `body` with the longest runs of memory that both views have in common: all of it, or row by row.
  private func forEachRun(
    _ x: MatrixView, _ body: (UnsafePointer<Float>, UnsafeMutablePointer<Float>, Int) -> Void
  ) {
    checkShape(x)
    if isContiguous && x.isContiguous { return body(x.base, base, rows * columns) }
    for row in 0..<rows { body(x.base + row * x.rowStride, base + row * rowStride, columns) }
  }

  private func forEachRun(
    _ x: MatrixView, _ y: MatrixView,
    _ body: (UnsafePointer<Float>, UnsafePointer<Float>, UnsafeMutablePointer<Float>, Int) -> Void
  ) {
    checkShape(x)
    checkShape(y)
    if isContiguous && x.isContiguous && y.isContiguous { return body(x.base, y.base, base, rows * columns) }
    for row in 0..<rows {
      body(x.base + row * x.rowStride, y.base + row * y.rowStride, base + row * rowStride, columns)
    }
  }

  func checkShape(_ other: MatrixView) {
    precondition(
      other.rows == rows && other.columns == columns && other.columnStride == 1,
      "a view of \(other.rows) × \(other.columns) where \(rows) × \(columns) is expected")
  }
}
