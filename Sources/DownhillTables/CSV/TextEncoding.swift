internal import CTables

/// How a table's bytes stand for characters.
public enum TextEncoding: String, Sendable, Codable, CaseIterable {
  case utf8 = "utf-8"
  /// Latin-1 as files have it, that is Windows-1252: quotation marks, dashes and the euro where ISO 8859-1 has control
  /// characters. Every file is valid in it.
  case latin1 = "latin-1"
}

/// The bytes of a source in Latin-1, as UTF-8.
final class Latin1Source: ByteSource {
  let name: String
  private let source: any ByteSource
  private let raw: UnsafeMutablePointer<UInt8> = .allocate(capacity: size)
  /// A character takes three bytes at most.
  private let text: UnsafeMutablePointer<UInt8> = .allocate(capacity: 3 * size)
  private var unread = 0..<0
  private static let size = 1 << 16

  init(_ source: any ByteSource) {
    self.source = source
    name = source.name
  }

  deinit {
    raw.deallocate()
    text.deallocate()
  }

  func read(into buffer: UnsafeMutableRawPointer, count: Int) throws(TableError) -> Int {
    if unread.isEmpty {
      let got = try source.read(into: raw, count: Self.size)
      unread = 0..<dh_latin1_to_utf8(raw, got, text)
    }
    let given = min(count, unread.count)
    buffer.copyMemory(from: text + unread.lowerBound, byteCount: given)
    unread = unread.lowerBound + given..<unread.upperBound
    return given
  }
}

extension ByteWindow {
  /// Takes the bytes from `start` on for Latin-1, because the one at `place` is not UTF-8.
  /// - Throws: where the bytes before it are not plain ASCII: then the file is UTF-8, and damaged or put together from
  ///   several, and every guess would garble some of it.
  func recodeLatin1(from start: Int, before place: Int, _ fault: TableError) throws(TableError) {
    guard isASCII(before: place) else {
      var mixed = fault
      mixed.message +=
        " It may be damaged there, or put together from files in several encodings: what comes before is UTF-8."
      throw mixed
    }
    recodeLatin1(from: start)
  }
}

/// What is said about a file that is read as Latin-1.
func fallBackNote(_ fault: TableError) -> TableError {
  var note = fault
  note.message = "\(fault.message.prefix { $0 != "." }), so the file is read as Latin-1 (Windows-1252)."
  return note
}
