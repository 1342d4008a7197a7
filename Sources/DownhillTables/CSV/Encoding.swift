/// Where the bytes stop being UTF-8 (Unicode 16, table 3-7: no overlong forms, no surrogates); nil: nowhere.
func firstInvalidUTF8(_ bytes: UnsafeRawBufferPointer) -> Int? {
  var index = 0
  while index < bytes.count {
    let lead = bytes[index]
    if lead < 0x80 {
      index += 1
      continue
    }
    let second: ClosedRange<UInt8>
    let length: Int
    switch lead {
    case 0xC2...0xDF: (length, second) = (2, 0x80...0xBF)
    case 0xE0: (length, second) = (3, 0xA0...0xBF)
    case 0xED: (length, second) = (3, 0x80...0x9F)
    case 0xE1...0xEF: (length, second) = (3, 0x80...0xBF)
    case 0xF0: (length, second) = (4, 0x90...0xBF)
    case 0xF1...0xF3: (length, second) = (4, 0x80...0xBF)
    case 0xF4: (length, second) = (4, 0x80...0x8F)
    default: return index
    }
    guard index + length <= bytes.count, second.contains(bytes[index + 1]) else { return index }
    for offset in 2..<max(2, length) where bytes[index + offset] & 0xC0 != 0x80 { return index }
    index += length
  }
  return nil
}

func hexadecimal(_ byte: UInt8) -> String {
  let digits = String(byte, radix: 16, uppercase: true)
  return digits.count < 2 ? "0" + digits : digits
}

/// Looks at the first bytes of a file: how many to pass over (a UTF-8 byte order mark), or what it is if not a table.
func lengthOfMark(_ bytes: UnsafeBufferPointer<UInt8>, file: String) throws(TableError) -> Int {
  func begins(_ prefix: UInt8...) -> Bool { bytes.starts(with: prefix) }
  if begins(0xEF, 0xBB, 0xBF) { return 3 }
  let instead: String? =
    if begins(0xFF, 0xFE) || begins(0xFE, 0xFF) {
      "is UTF-16 text. Convert it to UTF-8, for example with \"iconv -f utf-16 -t utf-8\""
    } else if begins(0x1F, 0x8B) {
      "is compressed with gzip twice. Unpack it once with \"gunzip\""
    } else if begins(0, 0, 8) {
      "is an IDX file, where a table was expected; images are learned from together with a file of labels"
    } else if bytes.starts(with: NumberArray.magic) {
      "is an array of NumPy's, where a table was expected; arrays are learned from together with a file of labels"
    } else if begins(0x50, 0x4B, 0x03, 0x04) {
      "is a zip archive or a spreadsheet. Unpack it, or save the sheet as CSV"
    } else if begins(0x50, 0x41, 0x52, 0x31) {
      "is a Parquet file. Export it as CSV"
    } else if bytes.prefix(8192).contains(0) {
      "is not text: it holds zero bytes. A table is UTF-8 text with one line a row"
    } else {
      nil
    }
  if let instead { throw TableError(.malformed, file: file, "the file \(instead).") }
  return 0
}
