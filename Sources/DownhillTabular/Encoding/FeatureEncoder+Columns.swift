internal import DownhillNetwork
internal import DownhillTables

extension FeatureEncoder {
  /// Declared layers with the places of columns in a row instead of their names.
  /// - Throws: `LearningError` where a name is no column's that is learned from, or stands where rows are no longer those
  ///   of the table.
  func resolvingColumns(of layers: [any Component], source: String, schema: Schema?) throws -> [any Component] {
    let naming = ColumnNaming { names in
      guard case .table(let encoder) = self else {
        throw LearningError(
          "a branch of the network takes the column “\(names[0])”, and \(source) holds images, which have none",
          kind: .request)
      }
      return try encoder.ranges(of: names, source: source, schema: schema)
    } misplaced: { names in
      LearningError(
        "a branch of the network takes the column “\(names[0])” where rows are no longer those of \(source), but what the "
          + "layers before it made of them: only a branch at the beginning of the network can take columns by name",
        kind: .request)
    }
    return try naming.resolve(layers)
  }
}

extension TableEncoder {
  /// Where the columns with these names stand in a row of the matrix, in the order of the names; neighbours as one range.
  fileprivate func ranges(of names: [String], source: String, schema: Schema?) throws -> [Range<Int>] {
    var places: [String: Range<Int>] = [:]
    var start = 0
    for column in columns {
      places[column.column] = start..<start + column.width
      start += column.width
    }
    var ranges: [Range<Int>] = []
    for name in names {
      guard let place = places[name] else {
        throw unknown(name, source: source, schema: schema)
      }
      if let last = ranges.last, last.upperBound == place.lowerBound {
        ranges[ranges.count - 1] = last.lowerBound..<place.upperBound
      } else {
        ranges.append(place)
      }
    }
    return ranges
  }

  private func unknown(_ name: String, source: String, schema: Schema?) -> LearningError {
    let start = "a branch of the network takes the column “\(name)”"
    if let column = schema?[name] {
      return LearningError("\(start), which is not learned from (\(column.reason))", kind: .request)
    }
    let known = columns.map(\.column)
    let hint = nearest(to: name, among: known).map { "; did you mean “\($0)”?" } ?? "."
    let shown = known.prefix(20).joined(separator: ", ") + (known.count > 20 ? ", …" : "")
    return LearningError("\(start), and \(source) has none\(hint) It has \(shown)", kind: .request)
  }
}
