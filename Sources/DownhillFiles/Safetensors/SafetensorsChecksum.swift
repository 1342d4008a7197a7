/// A checksum over a whole safetensors file, kept in its metadata: `"downhill.checksum":"sha256:…"`.
///
/// It is the SHA-256 of all bytes of the file, with 64 zeros where its own digits stand. So no byte can change unseen:
/// not in the data, the header, its padding or its length, nor in the checksum.
enum SafetensorsChecksum {
  static let key = "downhill.checksum"
  private static let scheme = "sha256:"
  private static let digits = 64

  /// What a file has before its checksum is known.
  static let blank = scheme + String(repeating: "0", count: digits)

  /// The quotation marks are bare, so this can't stand inside a string.
  private static let marker = Array("\"\(key)\":\"\(scheme)".utf8)

  /// Puts the checksum into a file made with `blank`.
  static func seal(_ contents: inout [UInt8], header: Range<Int>) {
    guard let start = place(contents, header: header) else { preconditionFailure("no place for the checksum") }
    contents.replaceSubrange(start..<start + digits, with: digest(contents, blanking: start).utf8)
  }

  /// Whether the file has a checksum. Throws if it has a wrong one, or none where one is required.
  static func verify(
    _ contents: [UInt8], header: SafetensorsHeader, rule: SafetensorsFile.ChecksumRule, path: String
  ) throws(FileError) -> Bool {
    func fault(_ problem: String, _ advice: String) -> FileError {
      FileError(.malformed, path: path, problem: problem, advice: advice)
    }
    // A damaged key shall not make a checked file an unchecked one: the value alone is a claim too.
    let isClaimed =
      header.metadata[key] != nil
      || header.metadata.values.contains { $0.hasPrefix(scheme) && $0.utf8.count == blank.utf8.count }
    guard isClaimed else {
      if rule == .ifPresent { return false }
      throw fault("it carries no checksum (\"\(key)\" in its metadata)", "Is it a model file? Make it again if it was.")
    }
    guard let start = place(contents, header: header.range),
      digest(contents, blanking: start).utf8.elementsEqual(contents[start..<start + digits])
    else {
      throw fault(
        "its checksum does not match: the file was altered after it was written",
        "Get it again. If the change was meant, take \"\(key)\" out of its metadata.")
    }
    return true
  }

  /// Where the digits of the checksum start.
  private static func place(_ contents: [UInt8], header: Range<Int>) -> Int? {
    var start = header.lowerBound
    let last = header.upperBound - marker.count - digits
    while start <= last {
      if contents[start] == marker[0], contents[start...].starts(with: marker) { return start + marker.count }
      start += 1
    }
    return nil
  }

  private static func digest(_ contents: [UInt8], blanking start: Int) -> String {
    var sum = SHA256()
    sum.update(contents[..<start])
    sum.update(Array(repeating: UInt8(ascii: "0"), count: digits)[...])
    sum.update(contents[(start + digits)...])
    return sum.hexadecimal()
  }
}
