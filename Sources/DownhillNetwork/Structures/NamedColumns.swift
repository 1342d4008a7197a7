extension Branch {
  /// The same branch over columns that are known by number: one range, or several side by side.
  fileprivate func over(_ ranges: [Range<Int>], layers: [any Component]) -> Branch {
    if ranges.count == 1 { return Branch(columns: ranges[0], layers: layers) }
    return Branch(layers: [Concatenate(branches: ranges.map { Branch(columns: $0, layers: []) })] + layers)
  }
}

/// Puts numbers in the place of names in the branches of a network.
package struct ColumnNaming {
  /// The ranges of a row that some names stand for, in their order; throws where there is no such column.
  private let ranges: ([String]) throws -> [Range<Int>]
  /// What to throw where names are used on rows that are no longer the table's: the names.
  private let misplaced: ([String]) -> any Error

  package init(ranges: @escaping ([String]) throws -> [Range<Int>], misplaced: @escaping ([String]) -> any Error) {
    (self.ranges, self.misplaced) = (ranges, misplaced)
  }

  package func resolve(_ layers: [any Component]) throws -> [any Component] { try resolve(layers, onTable: true) }

  /// - Parameter onTable: whether the first of the layers takes rows as they come from the table.
  private func resolve(_ layers: [any Component], onTable: Bool) throws -> [any Component] {
    try layers.enumerated().map { index, layer in try resolve(layer, onTable: onTable && index == 0) }
  }

  private func resolve(_ layer: any Component, onTable: Bool) throws -> any Component {
    switch layer {
    case let branch as Branch: return try resolve(branch, onTable: onTable)
    case let structure as Concatenate:
      return Concatenate(branches: try structure.branches.map { try resolve($0, onTable: onTable) })
    case let structure as Residual: return Residual(layers: try resolve(structure.layers, onTable: onTable))
    case let group as ParameterGroup:
      return ParameterGroup(
        rate: group.factors.rate, decay: group.factors.decay, of: group.kinds,
        layers: try resolve(group.layers, onTable: onTable))
    default: return layer
    }
  }

  private func resolve(_ branch: Branch, onTable: Bool) throws -> Branch {
    guard let names = branch.names else {
      return Branch(
        columns: branch.columns, layers: try resolve(branch.layers, onTable: onTable && branch.columns == nil))
    }
    guard onTable else { throw misplaced(names) }
    return branch.over(try ranges(names), layers: try resolve(branch.layers, onTable: false))
  }
}
