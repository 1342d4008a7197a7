internal import CKernels

extension MatrixView {
  /// Σ wᵢ · cross-entropy of softmax(zᵢ) with a class, this view being the logits z; and
  /// scale · wᵢ · (softmax(zᵢ) − one-hot) into `error`.
  package func softmaxCrossEntropy(
    classes: UnsafePointer<Int32>, weights: UnsafePointer<Float>?, scale: Float, error: MutableMatrixView?
  ) -> Double {
    for row in 0..<rows {
      precondition(classes[row] >= 0 && classes[row] < columns, "class \(classes[row]) of \(columns)")
    }
    return kernels.softmax_cross_entropy(
      base, rowStride, classes, weights, scale, error?.base, error?.rowStride ?? 0, rows, columns)
  }

  /// The same for labels that are distributions.
  package func softmaxCrossEntropy(
    distributions y: MatrixView, weights: UnsafePointer<Float>?, scale: Float, error: MutableMatrixView?
  ) -> Double {
    precondition(y.rows == rows && y.columns == columns && y.columnStride == 1)
    return kernels.softmax_cross_entropy_soft(
      base, rowStride, y.base, y.rowStride, weights, scale, error?.base, error?.rowStride ?? 0, rows, columns)
  }

  /// Σ wᵢ · mean over the columns of (ŷ − y)², this view being the prediction ŷ; and its derivative times `scale` into `error`.
  package func meanSquaredError(
    _ target: MatrixView, weights: UnsafePointer<Float>?, scale: Float, error: MutableMatrixView?
  ) -> Double {
    checkTarget(target)
    return kernels.mean_squared_error(
      base, rowStride, target.base, target.rowStride, weights, scale, error?.base, error?.rowStride ?? 0, rows, columns)
  }

  /// Σ wᵢ · mean over the columns of the binary cross-entropy of the sigmoid of z and y, this view being the logits z; and its
  /// derivative times `scale` into `error`.
  package func sigmoidCrossEntropy(
    _ target: MatrixView, weights: UnsafePointer<Float>?, scale: Float, error: MutableMatrixView?
  ) -> Double {
    checkTarget(target)
    return kernels.binary_cross_entropy(
      base, rowStride, target.base, target.rowStride, nil, weights, scale, error?.base, error?.rowStride ?? 0, rows,
      columns)
  }

  /// The same for one column, where the targets are the classes 0 and 1.
  package func sigmoidCrossEntropy(
    classes: UnsafePointer<Int32>, weights: UnsafePointer<Float>?, scale: Float, error: MutableMatrixView?
  ) -> Double {
    precondition(columns == 1, "classes 0 and 1 take one column, not \(columns)")
    return kernels.binary_cross_entropy(
      base, rowStride, nil, 0, classes, weights, scale, error?.base, error?.rowStride ?? 0, rows, columns)
  }

  /// Σ wᵢ · cross-entropy of softmax(zᵢ) with a changed label, this view being the logits z: smoothed, and each class times its
  /// weight; and its derivative times `scale` into `error`.
  /// - Parameters:
  ///   - labels: one-hot labels as classes, or distributions.
  ///   - classWeights: one a column; empty: all 1.
  package func softmaxCrossEntropy(
    labels: Labels, smoothing: Float, classWeights: [Float], weights: UnsafePointer<Float>?, scale: Float,
    error: MutableMatrixView?
  ) -> Double {
    let (classes, y) = check(labels, classWeights)
    return classWeights.withPointer { classWeights in
      kernels.softmax_cross_entropy_adjusted(
        base, rowStride, y?.base, y?.rowStride ?? 0, classes, classWeights, smoothing, weights, scale, error?.base,
        error?.rowStride ?? 0, rows, columns)
    }
  }

  /// Σ wᵢ c (1 − p)ᵞ (−log p), this view being the logits z, p = softmax(zᵢ) of the class and c the weight of the class; and its
  /// derivative times `scale` into `error`.
  /// - Parameter classWeights: one a column; empty: all 1.
  package func focalCrossEntropy(
    classes: UnsafePointer<Int32>, gamma: Float, classWeights: [Float], weights: UnsafePointer<Float>?, scale: Float,
    error: MutableMatrixView?
  ) -> Double {
    _ = check(.classes(classes), classWeights)
    return classWeights.withPointer { classWeights in
      kernels.focal_cross_entropy(
        base, rowStride, classes, classWeights, gamma, weights, scale, error?.base, error?.rowStride ?? 0, rows, columns
      )
    }
  }

  /// Σ wᵢ · mean over the columns of a loss of one number and its target, this view being the prediction; and its derivative
  /// times `scale` into `error`.
  package func elementLoss(
    _ loss: ElementLoss, labels: Labels, weights: UnsafePointer<Float>?, scale: Float, error: MutableMatrixView?
  ) -> Double {
    var (classes, target): (UnsafePointer<Int32>?, MatrixView?)
    switch labels {
    case .classes(let codes):
      precondition(columns == 1, "classes 0 and 1 take one column, not \(columns)")
      classes = codes
    case .values(let view):
      if !(loss.sharesTarget && view.columns == 1 && view.rows == rows) { checkTarget(view) }
      target = view
    }
    precondition(loss.owns.isEmpty || loss.owns.count == columns, "\(loss.owns.count) settings, \(columns) columns")
    let (first, second) = loss.settings
    return withUnsafeTemporaryAllocation(of: Float.self, capacity: 2) { settings in
      settings.initializeElement(at: 0, to: first)
      settings.initializeElement(at: 1, to: second)
      return loss.owns.withPointer { owns in
        kernels.element_loss(
          loss.kind, owns, settings.baseAddress, loss.sharesTarget && target?.columns == 1 ? 1 : 0, base, rowStride,
          target?.base, target?.rowStride ?? 0, classes, weights, scale, error?.base, error?.rowStride ?? 0, rows,
          columns)
      }
    }
  }

  private func check(_ labels: Labels, _ classWeights: [Float]) -> (UnsafePointer<Int32>?, MatrixView?) {
    precondition(
      classWeights.isEmpty || classWeights.count == columns, "\(classWeights.count) class weights, \(columns) classes")
    switch labels {
    case .classes(let classes):
      for row in 0..<rows {
        precondition(classes[row] >= 0 && classes[row] < columns, "class \(classes[row]) of \(columns)")
      }
      return (classes, nil)
    case .values(let view):
      checkTarget(view)
      return (nil, view)
    }
  }

  private func checkTarget(_ target: MatrixView) {
    precondition(
      target.rows == rows && target.columns == columns && target.columnStride == 1,
      "targets of \(target.rows) × \(target.columns) for \(rows) × \(columns)")
  }
}

/// What predictions are compared with: classes, one a row, or numbers.
package enum Labels {
  case classes(UnsafePointer<Int32>)
  case values(MatrixView)
}

/// A loss of one number ŷ and its target y.
package enum ElementLoss {
  /// |ŷ − y|
  case absolute
  /// d²/2 where |d| ≤ δ, else δ (|d| − δ/2), d = ŷ − y
  case huber(delta: Float)
  /// τ (y − ŷ) where y > ŷ, else (1 − τ) (ŷ − y), with a τ for each column; the target may have one column for all.
  case pinball(levels: [Float])
  /// exp ŷ − y ŷ
  case poisson
  /// −p y log σ(ŷ) − (1 − y) log(1 − σ(ŷ)), with a p for each column
  case weightedBinary(positiveWeights: [Float])
  /// Binary cross-entropy of σ(ŷ), times (1 − the probability of the answer)ᵞ, times α or 1 − α by the answer; a negative α: 1.
  case focalBinary(gamma: Float, alpha: Float)

  fileprivate var kind: dh_element_loss {
    switch self {
    case .absolute: dh_absolute
    case .huber: dh_huber
    case .pinball: dh_pinball
    case .poisson: dh_poisson
    case .weightedBinary: dh_weighted_binary
    case .focalBinary: dh_focal_binary
    }
  }

  /// One for each column.
  fileprivate var owns: [Float] {
    switch self {
    case .pinball(let levels): levels
    case .weightedBinary(let weights): weights
    default: []
    }
  }

  fileprivate var settings: (Float, Float) {
    switch self {
    case .huber(let delta): (delta, 0)
    case .focalBinary(let gamma, let alpha): (gamma, alpha)
    default: (0, 0)
    }
  }

  fileprivate var sharesTarget: Bool {
    if case .pinball = self { true } else { false }
  }
}

extension [Float] {
  /// The elements' address; nil where there are none.
  fileprivate func withPointer<Result>(_ body: (UnsafePointer<Float>?) -> Result) -> Result {
    isEmpty ? body(nil) : withUnsafeBufferPointer { body($0.baseAddress) }
  }
}
