internal import DownhillCompute

/// The rows that steps draw their batches from, and the batch's own targets and weights.
///
/// Inputs are gathered into the plan's arena; targets and weights here, each row tile its own rows.
final class BatchSource {
  // Checked access would cost small steps a hundredth; only a gradient check writes, and no step runs then.
  @exclusivity(unchecked) private(set) var samples: Samples
  /// Rows to draw from.
  let count: Int
  private let classes: UnsafeMutableBufferPointer<Int32>
  private let values: AlignedBuffer?
  private let weights: AlignedBuffer?
  /// wᵢ cᵢ of each row; nil: all 1.
  private let counts: [Float]?
  private let targetColumns: Int

  /// - Parameter loss: says what rows count besides their weight.
  init(_ samples: Samples, batchSize: Int, loss: any Loss) {
    self.samples = samples
    counts = samples.counts(for: loss)
    count = samples.count
    switch samples.targets {
    case .classes:
      classes = .allocate(capacity: batchSize)
      classes.initialize(repeating: 0)
      (values, targetColumns) = (nil, 0)
    case .values(let matrix):
      classes = .allocate(capacity: 0)
      values = AlignedBuffer(count: batchSize * matrix.columns)
      targetColumns = matrix.columns
    }
    weights = samples.weights == nil ? nil : AlignedBuffer(count: batchSize)
  }

  deinit { classes.deallocate() }

  /// The inputs, to perturb them in a gradient check; valid while this source lives.
  func mutableInputs() -> MutableMatrixView { samples.inputs.mutableView() }

  /// Σ wᵢ cᵢ over the batch.
  func totalWeight(_ rows: UnsafeBufferPointer<Int32>) -> Double {
    guard let counts else { return Double(rows.count) }
    return counts.withUnsafeBufferPointer { counts in rows.reduce(0.0) { $0 + Double(counts[Int($1)]) } }
  }

  /// Gathers some rows of the batch: inputs into `inputs`, targets and weights here.
  func gather(_ rows: UnsafeBufferPointer<Int32>, _ range: Range<Int>, inputs: MutableMatrixView) {
    inputs.gather(from: samples.inputs, rows: rows.baseAddress! + range.lowerBound)
    gatherTargets(rows, range)
  }

  private func gatherTargets(_ rows: UnsafeBufferPointer<Int32>, _ range: Range<Int>) {
    if range.isEmpty { return }
    switch samples.targets {
    case .classes(let all):
      all.withUnsafeBufferPointer { all in for row in range { classes[row] = all[Int(rows[row])] } }
    case .values(let all):
      let target = MutableMatrixView(
        base: values!.base + range.lowerBound * targetColumns, rows: range.count, columns: targetColumns,
        rowStride: targetColumns)
      target.gather(all.view, rows: rows.baseAddress! + range.lowerBound)
    }
    if let weights {
      samples.weights!.withUnsafeBufferPointer { all in for row in range { weights.base[row] = all[Int(rows[row])] } }
    }
  }

  /// The gathered targets of some rows of the batch.
  func targets(_ range: Range<Int>) -> TargetView {
    if let values {
      return .values(
        MatrixView(
          base: UnsafePointer(values.base) + range.lowerBound * targetColumns, rows: range.count,
          columns: targetColumns, rowStride: targetColumns))
    }
    return .classes(ClassView(base: UnsafePointer(classes.baseAddress!) + range.lowerBound, count: range.count))
  }

  /// The gathered weights from some row on.
  func weights(from row: Int) -> UnsafePointer<Float>? { weights.map { UnsafePointer($0.base) + row } }
}
