/// A file of arrays: IDX, or NumPy's NPY or NPZ.
public enum ArrayFile: Sendable {
  case idx(IDXArray)
  /// By name; that of an NPY file's one array is empty.
  case numbers([(name: String, array: NumberArray)])

  /// Whether a file begins like one of arrays; false of what is no regular file, which can be read only once.
  public static func isOne(_ path: String) -> Bool {
    guard path != "-", Input.isRegularFile(path), let start = try? UnpackedInput(Input(path: path)).bytes(6) else {
      return false
    }
    return start.starts(with: NumberArray.magic) || start.starts(with: [0, 0, 8]) || start.starts(with: zip)
  }

  /// Reads a file, whichever of them it is.
  /// - Throws: `TableError`; see `IDXArray` and `NumberArray`.
  public init(contentsOf path: String) throws(TableError) {
    let start = try UnpackedInput(Input(path: path)).bytes(6)
    if start.starts(with: NumberArray.magic) {
      self = .numbers([("", try NumberArray(contentsOf: path))])
    } else if start.starts(with: Self.zip) {
      let archive = try ZipArchive(path)
      var arrays: [(name: String, array: NumberArray)] = []
      for entry in archive.entries where entry.name.hasSuffix(".npy") {
        let name = String(entry.name.dropLast(4))
        let array = try NumberArray(
          archive.source(entry), file: "\(path): \(entry.name)", limit: 1 << 36,
          likely: entry.isDeflated ? 8 * entry.packedSize : entry.size)
        arrays.append((name, array))
      }
      guard !arrays.isEmpty else {
        throw TableError(
          .malformed, file: path,
          "the file is a zip archive or a spreadsheet, and holds none of NumPy's arrays. Unpack it, or save the sheet as CSV."
        )
      }
      self = .numbers(arrays)
    } else {
      self = .idx(try IDXArray(contentsOf: path))
    }
  }

  private static let zip: [UInt8] = [0x50, 0x4B, 3, 4]

  /// The only array of so many dimensions that there is.
  /// - Throws: `TableError` where there is none, or where there are several.
  public static func only(
    _ arrays: [(name: String, array: NumberArray)], dimensions: ClosedRange<Int>, file: String, what: String
  ) throws(TableError) -> NumberArray {
    let found = arrays.filter { dimensions.contains($0.array.dimensions.count) }
    if found.count == 1 { return found[0].array }
    let list = arrays.map { name, array in
      (name.isEmpty ? "" : "\(name): ") + array.dimensions.map(String.init).joined(separator: " × ")
    }.joined(separator: ", ")
    throw TableError(
      .mismatch, file: file,
      "\(found.isEmpty ? "no array" : "\(found.count) arrays") that could be the \(what), where one was expected; the file "
        + "holds \(list). Save features, a row a sample, and labels, a number a sample, as one array each.")
  }
}

extension Table {
  /// The rows of an array as rows of numbers, in columns called `column1`, `column2`, …; dimensions after the second are put
  /// one after the other. NaN: missing.
  /// - Parameter labels: the answers, in a column called `label`; nil: none.
  /// - Throws: `TableError` where the array has no rows or columns, or another number of rows than labels.
  public init(_ features: NumberArray, labels: [Double]? = nil, source: String) throws(TableError) {
    let rows = features.dimensions.first ?? 0
    let width = features.dimensions.dropFirst().reduce(1, *)
    guard rows > 0, rows <= Int32.max, width > 0 else {
      throw TableError(
        .malformed, file: source,
        "the array is \(features.dimensions.map(String.init).joined(separator: " × ")), so there are no rows of numbers."
      )
    }
    var columns = (0..<width).map { index in
      Column(
        name: "column\(index + 1)", kind: .numeric,
        values: .numbers(features.numbers(from: index, stride: width, count: rows)))
    }
    if let labels {
      guard labels.count == rows else {
        throw TableError(
          .mismatch, file: source, "\(counted(rows, "row")) and \(counted(labels.count, "label")): each row needs one.")
      }
      columns.append(Column(name: "label", kind: .numeric, values: .numbers(labels)))
    }
    self.init(columns, source: source)
  }

  /// The same, for the columns of a schema, in their order.
  /// - Parameter target: the column that the labels are for; the array has none for it.
  /// - Throws: `TableError` where the schema has another number of columns, or one that doesn't hold numbers.
  public init(
    _ features: NumberArray, labels: [Double]? = nil, schema: Schema, target: String, source: String
  ) throws(TableError) {
    try self.init(features, labels: labels, source: source)
    let expected = schema.columns.filter { $0.name != target }
    let width = columns.count - (labels == nil ? 0 : 1)
    guard width == expected.count else {
      throw TableError(
        .mismatch, file: source,
        "\(counted(width, "column")), and the model was trained on \(expected.count): \(listed(expected.map(\.name))).")
    }
    for (index, column) in expected.enumerated() {
      guard column.kind == .numeric || column.kind == .ignored || column.kind == .identifier else {
        throw TableError(
          .mismatch, file: source, column: column.name,
          "holds no numbers (\(column.kind.rawValue)), so an array can't be read for it. Give a table.")
      }
      columns[index].name = column.name
    }
    if labels != nil { columns[width].name = target }
    self.schema = schema
  }
}
