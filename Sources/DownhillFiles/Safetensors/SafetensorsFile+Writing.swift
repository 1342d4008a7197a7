extension SafetensorsFile {
  /// The bytes of a file of F32 tensors; the same arguments always give the same bytes.
  ///
  /// The metadata comes first, by key in the order of UTF-8, then the tensors in the order given. Spaces bring the start
  /// of the data to a multiple of 8.
  ///
  /// - Parameters:
  ///   - metadata: texts of any content, except under the key of the checksum, "downhill.checksum".
  ///   - checksum: whether to add the checksum over all bytes, so that a reader sees any change.
  ///   - path: for the message if it fails.
  /// - Throws: `FileError` of kind `cannotCreate` if the header becomes larger than the format allows.
  public static func encode(
    _ tensors: [NamedTensor], metadata: [String: String] = [:], checksum: Bool = true, path: String = "(in memory)"
  ) throws(FileError) -> [UInt8] {
    precondition(metadata[SafetensorsChecksum.key] == nil, "the checksum is not for the caller to give")
    precondition(
      Set(tensors.map(\.name) + ["__metadata__"]).count == tensors.count + 1, "each tensor needs its own name")
    var texts = metadata
    if checksum { texts[SafetensorsChecksum.key] = SafetensorsChecksum.blank }

    var header = JSONObject()
    if !texts.isEmpty {
      let sorted = texts.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
      header["__metadata__"] = .object(JSONObject(sorted.map { ($0.key, .string($0.value)) }))
    }
    var end = 0
    for tensor in tensors {
      let start = end
      end += 4 * tensor.elements.count
      header[tensor.name] = [
        "dtype": "F32", "shape": .array(tensor.shape.map { JSONValue($0) }),
        "data_offsets": [JSONValue(start), JSONValue(end)],
      ]
    }
    var text = Array(JSONValue.object(header).text().utf8)
    text += [UInt8](repeating: UInt8(ascii: " "), count: -text.count & 7)
    if text.count > headerLimit {
      throw FileError(
        .cannotCreate, path: path,
        problem: "its header would have \(text.count) bytes, and the format allows \(headerLimit)",
        advice: "Store less in the metadata.")
    }

    var contents: [UInt8] = []
    contents.reserveCapacity(8 + text.count + end)
    contents += (0..<8).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) }
    contents += text
    for tensor in tensors {
      tensor.elements.map(\.bitPattern.littleEndian).withUnsafeBytes { contents.append(contentsOf: $0) }
    }
    if checksum { SafetensorsChecksum.seal(&contents, header: 8..<8 + text.count) }
    return contents
  }

  /// Writes a file of F32 tensors, whole or not at all. See `encode`.
  ///
  /// - Throws: `FileError` of kind `cannotCreate` or `inputOutput`.
  public static func write(
    _ tensors: [NamedTensor], metadata: [String: String] = [:], checksum: Bool = true, to path: String
  ) throws(FileError) {
    try AtomicFile.write(encode(tensors, metadata: metadata, checksum: checksum, path: path), to: path)
  }
}
