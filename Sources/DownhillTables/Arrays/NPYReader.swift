extension NumberArray {
  /// Reads a file in NumPy's NPY format, versions 1 to 3, which may be compressed with gzip: numbers, little endian, the
  /// last dimension fastest ("C order").
  ///
  /// Layout (NumPy Enhancement Proposal 1): 0x93 `NUMPY`, two bytes of version, the header's length in 2 or 4 bytes, a
  /// Python dictionary with the element's type, the order and the shape, then the elements.
  /// - Parameter limit: files that declare more bytes than this are refused.
  /// - Throws: `TableError`: the file can't be opened, isn't NPY, holds other elements, or is shorter or longer than it
  ///   declares.
  public init(contentsOf path: String, limit: Int = 1 << 36) throws(TableError) {
    let input = try Input(path: path)
    try self.init(UnpackedInput(input), file: path, limit: limit, likely: 8 * (input.size(fromStart: false) ?? 0))
  }

  init(_ source: any ByteSource, file: String, limit: Int, likely: Int) throws(TableError) {
    func malformed(_ message: String) -> TableError { TableError(.malformed, file: file, message) }
    let start = try source.bytes(8)
    guard start.count == 8, start.starts(with: Self.magic) else {
      throw malformed("the file doesn't begin like one of NumPy's: 0x93 and NUMPY were expected.")
    }
    guard (1...3).contains(start[6]) else {
      throw malformed("the file has version \(start[6]) of NumPy's format; versions 1 to 3 are known.")
    }
    let width = start[6] == 1 ? 2 : 4
    let lengthBytes = try source.bytes(width)
    let length = lengthBytes.reversed().reduce(0) { $0 << 8 | Int($1) }
    guard lengthBytes.count == width, length <= 1 << 20 else {
      throw malformed("the header declares \(length) bytes. Is the file damaged?")
    }
    let text = try source.bytes(length)
    guard text.count == length else { throw malformed("the file ends within its header. Is it cut short?") }
    let header = try NPYHeader(text, file: file)

    var size = header.type.size
    for dimension in header.dimensions {
      // Dimensions beside one of 0 are multiplied with each other elsewhere: they must not be beyond measure either.
      let (product, overflow) = size.multipliedReportingOverflow(by: max(1, dimension))
      size = overflow ? .max : product
    }
    let shape = header.dimensions.map(String.init).joined(separator: " × ")
    guard size <= limit else {
      throw malformed(
        "the file declares \(shape) elements of \(counted(header.type.size, "byte")); more than \(limit) bytes are "
          + "refused. Is its header damaged?")
    }
    if header.dimensions.contains(0) { size = 0 }
    let bytes = try source.bytes(size, likely: likely)
    guard bytes.count == size else {
      throw malformed(
        "the file declares \(shape) elements, \(size) bytes, but ends after \(bytes.count). Is it cut short?")
    }
    guard try source.bytes(1).isEmpty else {
      throw malformed("the file goes on after the \(shape) elements that it declares. Is its header damaged?")
    }
    self.init(dimensions: header.dimensions, type: header.type, bytes: bytes)
  }

  static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
}

/// What an NPY file says of its elements: `{'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }`.
private struct NPYHeader {
  let type: NumberArray.Element
  let dimensions: [Int]

  init(_ text: [UInt8], file: String) throws(TableError) {
    let header = String(decoding: text, as: UTF8.self)
    func malformed(_ message: String) -> TableError { TableError(.malformed, file: file, message) }
    func value(_ key: String) throws(TableError) -> Substring {
      for quote in ["'", "\""] {
        guard let place = header.range(of: quote + key + quote) else { continue }
        let rest = header[place.upperBound...].drop { $0 == " " }
        if rest.first == ":" { return rest.dropFirst().drop { $0 == " " } }
      }
      throw malformed("the header doesn't say \(excerpt(key)): \(excerpt(header)).")
    }
    let descr = try value("descr")
    guard let quote = descr.first, quote == "'" || quote == "\"" else {
      throw malformed(
        "the file holds records of several fields; an array of numbers was expected. Save its fields apart.")
    }
    let name = String(descr.dropFirst().prefix { $0 != quote })
    guard let order = name.first, "<|".contains(order),
      let type = NumberArray.Element(rawValue: String(name.dropFirst())),
      order == "<" || type.size == 1
    else {
      let advice = name.first == ">" ? "astype(\"<\(name.dropFirst())\")" : "astype(\"float32\")"
      throw malformed(
        "the file holds elements of the type \(excerpt(name)); integers, booleans and 32- or 64-bit floats, little endian, "
          + "are read. Save \(advice) of the array.")
    }
    guard try value("fortran_order").hasPrefix("False") else {
      throw malformed("the elements are in Fortran's order. Save numpy.ascontiguousarray of the array.")
    }
    let shape = try value("shape")
    guard shape.first == "(", let end = shape.firstIndex(of: ")") else {
      throw malformed("the shape is no list of numbers: \(excerpt(String(shape))).")
    }
    var dimensions: [Int] = []
    for part in shape[shape.index(after: shape.startIndex)..<end].split(separator: ",") {
      let digits = part.drop { $0 == " " }
      if digits.isEmpty { continue }
      guard let dimension = Int(digits), dimension >= 0, dimensions.count < 32 else {
        throw malformed("the shape is no list of numbers: \(excerpt(String(shape[...end]))).")
      }
      dimensions.append(dimension)
    }
    self.type = type
    self.dimensions = dimensions
  }
}

extension String {
  /// Where a text first occurs.
  fileprivate func range(of text: String) -> Range<Index>? {
    var start = startIndex
    while start < endIndex {
      if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
      start = index(after: start)
    }
    return nil
  }
}
