/// A file of named tensors and texts in the safetensors format (https://huggingface.co/docs/safetensors).
///
/// The file is the length of its header (8 bytes, little-endian); the header, a JSON object
/// `{"__metadata__":{"key":"text"},"name":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]}}`, padded with spaces;
/// and the elements of the tensors, little-endian and row-major, one tensor after the other. It is data only.
///
/// Everything that the header says is checked before it is used: its length against the file's, types and shapes
/// against offsets, and the offsets against each other: no overlap, no hole, nothing after the last.
public struct SafetensorsFile: Sendable {
  /// What the header says of a tensor.
  public struct Entry: Sendable, Equatable {
    public let name: String
    public let type: TensorType
    public let shape: [Int]
    /// Its bytes, counted from the start of the file.
    public let bytes: Range<Int>
  }

  /// Whether a file must carry the checksum that `encode` gives it.
  public enum ChecksumRule: Sendable {
    /// Compared if there; files of other programs have none.
    case ifPresent
    /// Refused without.
    case required
  }

  /// Where the file came from, for messages.
  public let path: String
  /// The tensors, in the order of their data.
  public let entries: [Entry]
  /// The texts of `__metadata__`, without the checksum.
  public let metadata: [String: String]
  /// Whether the file carries a checksum, which then is right.
  public let isChecked: Bool
  private let contents: [UInt8]
  private let places: [String: Int]

  /// The most bytes of header that the format allows.
  public static let headerLimit = 100_000_000

  /// Reads a file.
  ///
  /// - Parameter limit: the most bytes that the file may have.
  /// - Throws: `FileError`; of kind `malformed` for whatever is not as it should be inside.
  public init(
    reading path: String, checksum: ChecksumRule = .ifPresent, limit: Int = 16 << 30
  ) throws(FileError) {
    try self.init(contents: FileContents.read(path, limit: limit), path: path, checksum: checksum)
  }

  /// Reads the bytes of a file.
  ///
  /// - Throws: `FileError` of kind `malformed`.
  public init(
    contents: [UInt8], path: String = "(in memory)", checksum: ChecksumRule = .ifPresent
  ) throws(FileError) {
    let header = try SafetensorsHeader(contents: contents, path: path)
    self.path = path
    self.contents = contents
    entries = header.entries
    places = Dictionary(uniqueKeysWithValues: header.entries.enumerated().map { ($1.name, $0) })
    isChecked = try SafetensorsChecksum.verify(contents, header: header, rule: checksum, path: path)
    metadata = header.metadata.filter { $0.key != SafetensorsChecksum.key }
  }

  /// What the header says of the tensor of a name.
  public subscript(name: String) -> Entry? { places[name].map { entries[$0] } }

  /// The elements of a tensor as Float32. F64 is rounded to the nearest; F16 and BF16 are exact.
  ///
  /// - Throws: `FileError` of kind `malformed` if there is no such tensor or its type is not one of F32, F64, F16, BF16.
  public func floats(_ name: String) throws(FileError) -> [Float] {
    guard let entry = self[name] else {
      let shown = entries.prefix(20).map { quoted($0.name) }.joined(separator: ", ") + (entries.count > 20 ? ", …" : "")
      throw FileError(
        .malformed, path: path, problem: "no tensor \(quoted(name))",
        advice: entries.isEmpty ? "It has no tensors." : "It has \(shown).")
    }
    let bytes = contents[entry.bytes]
    switch entry.type {
    case .float32: return elements(bytes) { (word: UInt32) in Float(bitPattern: word) }
    case .float64: return elements(bytes) { (word: UInt64) in Float(Double(bitPattern: word)) }
    case .bfloat16: return elements(bytes) { (word: UInt16) in Float(bitPattern: UInt32(word) << 16) }
    case .float16: return elements(bytes) { (word: UInt16) in Float(halfBits: word) }
    default:
      throw FileError(
        .malformed, path: path, offset: entry.bytes.lowerBound,
        problem: "tensor \(quoted(name)) has the unsupported dtype \(entry.type.rawValue)",
        advice: "Store it as F32, F64, F16 or BF16.")
    }
  }

  /// A tensor with its elements as Float32.
  ///
  /// - Throws: as `floats` does.
  public func tensor(_ name: String) throws(FileError) -> NamedTensor {
    let floats = try floats(name)
    return NamedTensor(name: name, shape: self[name]?.shape ?? [], elements: floats)
  }

  private func elements<Word: FixedWidthInteger>(_ bytes: ArraySlice<UInt8>, _ convert: (Word) -> Float) -> [Float] {
    let size = MemoryLayout<Word>.size
    return bytes.withUnsafeBytes { bytes in
      (0..<bytes.count / size).map { index in
        convert(Word(littleEndian: bytes.loadUnaligned(fromByteOffset: index * size, as: Word.self)))
      }
    }
  }
}

extension Float {
  /// The value of an IEEE 754 half. Every half is a float; spelled out, for not every processor's Swift has Float16.
  init(halfBits half: UInt16) {
    let sign: Float = half >> 15 == 0 ? 1 : -1
    let exponent = Int(half >> 10 & 0x1F)
    let fraction = half & 0x3FF
    switch exponent {
    case 0: self = sign * Float(fraction) * 0x1p-24
    case 0x1F: self = Float(bitPattern: UInt32(half >> 15) << 31 | 0x7F80_0000 | UInt32(fraction) << 13)
    default: self = sign * Float(sign: .plus, exponent: exponent - 15, significand: 1 + Float(fraction) * 0x1p-10)
    }
  }
}
