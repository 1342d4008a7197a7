internal import DownhillCompute

extension Network {
  /// Whether the network can learn these samples under this loss.
  /// - Throws: `NetworkError` saying what doesn't fit, and the network printed.
  package func check(loss: any Loss, samples: Samples) throws(NetworkError) -> Resolution {
    let resolution = try resolved()
    try check(inputs: samples.inputs)
    guard samples.targets.count == samples.count, samples.weights.map({ $0.count == samples.count }) ?? true else {
      let weights = samples.weights.map { ", \($0.count) weights" } ?? ""
      throw error("there are \(samples.count) rows of inputs, \(samples.targets.count) targets\(weights)")
    }
    if let objection = loss.objection(
      outputs: resolution.outputs.count, last: resolution.graph.lastLayer ?? Identity(), targets: samples.targets)
    {
      throw error(objection)
    }
    if let row = samples.weights?.firstIndex(where: { !($0 >= 0 && $0.isFinite) }) {
      throw error("the weight of sample \(row) is \(samples.weights![row]); weights are finite and at least 0")
    }
    return resolution
  }

  /// Whether inputs are as wide as the network takes them.
  func check(inputs matrix: Matrix) throws(NetworkError) {
    let width = inputs.count
    guard matrix.columns == width else {
      throw error("the inputs have \(matrix.columns) columns and the network takes \(width)")
    }
    for (layer, columns, component) in try resolved().selective {
      if let objection = matrix.withView({ layer.objection(to: $0[columns: columns]) }) {
        throw NetworkError(layer: component, reason: objection, network: description)
      }
      matrix.file?.giveBack()
    }
  }

  func error(_ reason: String) -> NetworkError { NetworkError(layer: nil, reason: reason, network: description) }

  /// Whether so many floats fit the machine.
  package func checkMemory(floats: Double, for purpose: String) throws(NetworkError) {
    let (needed, available) = (floats * 4, Double(physicalMemory))
    guard needed <= available else {
      func gigabytes(_ bytes: Double) -> String { "\((bytes / 1e8).rounded() / 10) GB" }
      throw error(
        "\(purpose) would take \(gigabytes(needed)), and this machine has \(gigabytes(available)): "
          + "take narrower layers or smaller batches")
    }
  }
}
