/// An array of unsigned bytes in the IDX format of the MNIST data sets: images (count × height × width) or labels
/// (count). The file may be compressed with gzip.
///
/// Layout (LeCun, Cortes, Burges, "The MNIST database"): two zero bytes, the element's type (0x08: unsigned byte), the
/// number of dimensions, each dimension as a big-endian 32-bit number, then the elements, the last dimension fastest.
public struct IDXArray: Sendable, Equatable {
  public let dimensions: [Int]
  public let values: [UInt8]

  /// Images or labels: the first dimension.
  public var count: Int { dimensions[0] }
  /// Elements of one of them: the product of the other dimensions; 1 for labels.
  public var elementCount: Int { dimensions.dropFirst().reduce(1, *) }

  /// Reads a file.
  ///
  /// - Parameter limit: files that declare more bytes than this are refused.
  /// - Throws: `TableError`: the file can't be opened, isn't IDX, holds other elements than bytes, is shorter or longer
  ///   than it declares, is damaged, or is compressed and zlib is not installed.
  public init(contentsOf path: String, limit: Int = 1 << 32) throws(TableError) {
    let input = try UnpackedInput(Input(path: path))
    let header = try input.bytes(4)
    guard header.count == 4, header[0] == 0, header[1] == 0 else {
      throw TableError(
        .malformed, file: path,
        "the file doesn't begin like an IDX file: two zero bytes, a type and the number of dimensions were expected, "
          + "and it begins \(header.map { "0x" + hexadecimal($0) }.joined(separator: " ")).")
    }
    guard header[2] == 0x08 else {
      let types: [UInt8: String] = [
        0x09: "signed bytes", 0x0B: "16-bit integers", 0x0C: "32-bit integers", 0x0D: "floats", 0x0E: "doubles",
      ]
      let type = types[header[2]] ?? "elements of the unknown type 0x\(hexadecimal(header[2]))"
      throw TableError(.malformed, file: path, "the file holds \(type); unsigned bytes (type 0x08) were expected.")
    }
    let rank = Int(header[3])
    guard (1...8).contains(rank) else {
      throw TableError(
        .malformed, file: path, "the file declares \(rank) dimensions; 1 (labels) or 3 (images) were expected.")
    }
    let declared = try input.bytes(4 * rank)
    guard declared.count == 4 * rank else {
      throw TableError(.malformed, file: path, "the file ends within its list of \(counted(rank, "dimension")).")
    }
    let dimensions = (0..<rank).map { index in declared[4 * index..<4 * index + 4].reduce(0) { $0 << 8 | Int($1) } }
    var size = 1
    for dimension in dimensions {
      let (product, overflow) = size.multipliedReportingOverflow(by: dimension)
      size = overflow ? .max : product
    }
    let shape = dimensions.map(String.init).joined(separator: " × ")
    guard size > 0 else {
      throw TableError(.malformed, file: path, "the file declares \(shape) elements, so there is nothing in it.")
    }
    guard size <= limit else {
      throw TableError(
        .malformed, file: path,
        "the file declares \(shape) bytes; more than \(limit) are refused. Is its header damaged?")
    }
    let values = try input.bytes(size)
    guard values.count == size else {
      throw TableError(
        .malformed, file: path,
        "the file declares \(shape) = \(size) bytes, but ends after \(values.count). Is it cut short?")
    }
    guard try input.bytes(1).isEmpty else {
      throw TableError(
        .malformed, file: path,
        "the file goes on after the \(shape) = \(size) bytes that it declares. Is its header damaged?")
    }
    self.dimensions = dimensions
    self.values = values
  }
}
