internal import DownhillTables

// What a file may claim an encoder to be is checked before it is used.

extension FeatureEncoder {
  /// What is wrong with an encoder that was read; nil: nothing.
  var objection: String? {
    switch self {
    case .table(let encoder):
      // A number may have codes for its values besides.
      let names = encoder.columns.map { [$0.column, $0.isBesides ? "values" : ""] }
      guard Set(names).count == names.count else {
        return "its encoder takes a column twice"
      }
      for column in encoder.columns where !column.isSound {
        return "its encoding of the column “\(column.column)” makes no sense"
      }
      return nil
    case .images(let encoder):
      var width = 1
      for dimension in encoder.dimensions {
        let (product, overflow) = width.multipliedReportingOverflow(by: dimension)
        if dimension < 1 || overflow { return "its images have impossible dimensions" }
        width = product
      }
      guard encoder.scalings.count == 1 || encoder.scalings.count == width,
        encoder.scalings.allSatisfy({ $0.isSound && $0.clips == encoder.scalings[0].clips })
      else {
        return "its images are scaled in a way that makes no sense"
      }
      return nil
    }
  }
}

extension ColumnEncoding {
  /// Whether it stands beside another encoding of the same column.
  fileprivate var isBesides: Bool { if case .valueCodes = form { true } else { false } }

  fileprivate var isSound: Bool {
    switch form {
    case .number(let scaling, let fill): scaling.isSound && fill.isFinite
    case .skewed(let scaling, let fill, let scores): scaling.isSound && fill.isFinite && scores.isSound
    case .boolean(let words, let scaling, let fill): words.count == 2 && scaling.isSound && fill.isFinite
    case .oneHot(let categories), .codes(let categories), .words(let categories):
      Set(categories).count == categories.count
    case .valueCodes(let values):
      values.allSatisfy(\.isFinite) && zip(values, values.dropFirst()).allSatisfy { $0 < $1 }
    case .date(let trend, let fill, let cycles):
      trend.isSound && fill.isFinite && Set(cycles).count == cycles.count
    }
  }

  /// Whether a column of this kind can be encoded in this form.
  func fits(_ kind: ColumnKind) -> Bool {
    switch form {
    case .number, .skewed, .valueCodes: kind == .numeric
    case .words: kind == .text
    case .date: kind == .date
    case .boolean: kind == .boolean
    case .oneHot, .codes: kind == .categorical || kind == .boolean
    }
  }
}
