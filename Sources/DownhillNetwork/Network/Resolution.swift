/// A network's shapes and the layout of its θ, worked out once.
package struct Resolution: Sendable {
  /// The shape before each layer, and that after the last.
  package let shapes: [Shape]
  package let layout: ParameterLayout

  static func resolve(_ inputs: Shape, _ layers: [any Layer]) -> Result<Resolution, NetworkError> {
    var shapes = [inputs]
    var entries: [ParameterLayout.Entry] = []
    var offset = 0

    func failure(_ layer: Int?, _ reason: String) -> Result<Resolution, NetworkError> {
      let printed = printNetwork(inputs: inputs, layers: layers) { $0 == layer ? "← \(reason)" : nil }
      return .failure(NetworkError(layer: layer, reason: reason, network: printed))
    }

    guard let width = inputs.checkedCount, width > 0 else {
      return failure(nil, "a network needs at least one input, not \(inputs)")
    }
    guard !layers.isEmpty else { return failure(nil, "a network needs at least one layer") }
    for (index, layer) in layers.enumerated() {
      let input = shapes[index]
      do throws(LayerError) {
        let output = try layer.outputShape(for: input)
        guard let width = output.checkedCount, width > 0 else {
          return failure(index, "an output row of the shape \(output)")
        }
        shapes.append(output)
      } catch {
        return failure(index, error.description)
      }
    }
    for (index, layer) in layers.enumerated() {
      for parameter in layer.parameters(for: shapes[index]) {
        let (count, overflow) = parameter.rows.multipliedReportingOverflow(by: parameter.columns)
        let (end, tooLong) = offset.addingReportingOverflow(overflow ? 0 : count)
        if parameter.derivedWithPrevious, entries.last.map({ $0.layer != index || $0.derivedWithPrevious }) ?? true {
          return failure(index, "“\(parameter.name)” is derived with a parameter that has no derivative of its own")
        }
        guard parameter.rows > 0, parameter.columns > 0, !overflow, !tooLong, end <= ParameterLayout.maximum else {
          return failure(index, "parameters of \(parameter.rows) × \(parameter.columns) are too many")
        }
        entries.append(
          ParameterLayout.Entry(
            name: "\(index).\(parameter.name)", layer: index, rows: parameter.rows, columns: parameter.columns,
            offset: offset, initializer: parameter.initializer ?? suitable(after: index, in: layers, shapes),
            derivedWithPrevious: parameter.derivedWithPrevious,
            isTransposedOnTheWayBack: parameter.isTransposedOnTheWayBack))
        offset = end
      }
    }
    return .success(Resolution(shapes: shapes, layout: ParameterLayout(entries: entries, count: offset)))
  }

  /// The initialiser that the next layer with an opinion prefers; at the end of a network, Glorot's.
  private static func suitable(after index: Int, in layers: [any Layer], _ shapes: [Shape]) -> Initializer {
    for next in layers.indices[(index + 1)...] {
      if let preferred = layers[next].preferredInitializer { return preferred }
      if !layers[next].parameters(for: shapes[next]).isEmpty { break }
    }
    return .glorotUniform
  }
}

/// Where each parameter stands in θ.
package struct ParameterLayout: Sendable, Equatable {
  package struct Entry: Sendable, Equatable {
    package let name: String
    package let layer: Int
    package let rows: Int
    package let columns: Int
    package let offset: Int
    package let initializer: Initializer
    let derivedWithPrevious: Bool
    let isTransposedOnTheWayBack: Bool
    package var count: Int { rows * columns }
    var block: ParameterBlock {
      ParameterBlock(
        offset: offset, rows: rows, columns: columns, derivedWithPrevious: derivedWithPrevious,
        isTransposedOnTheWayBack: isTransposedOnTheWayBack)
    }
    package var range: Range<Int> { offset..<offset + count }
    /// As tensor files have it: a single row is a vector.
    package var shape: [Int] { rows == 1 ? [columns] : [rows, columns] }
  }

  package let entries: [Entry]
  package let count: Int

  /// Where each parameter stands.
  var blocks: [ParameterBlock] { entries.map { $0.block } }

  /// Which of the parameters are a layer's.
  func blocks(of layer: Int) -> Range<Int> {
    let first = entries.firstIndex { $0.layer >= layer } ?? entries.count
    let next = entries.firstIndex { $0.layer > layer } ?? entries.count
    return first..<next
  }

  /// More parameters than memory holds are refused when the network is declared, not when it is trained.
  static let maximum = 1 << 40
}
