internal import CTables

/// Distinct texts, numbered in the order in which they first come.
final class TextTable {
  let dictionary: OpaquePointer

  /// No file can be made to collide: hashes differ from one process to the next.
  private static let seed = UInt64.random(in: 0...UInt64.max)

  init() { dictionary = dh_dictionary_make(Self.seed) }
  deinit { dh_dictionary_free(dictionary) }

  var count: Int { dh_dictionary_count(dictionary) }

  func bytes(_ code: Int) -> UnsafeBufferPointer<UInt8> {
    var count = 0
    let start = dh_dictionary_text(dictionary, code, &count)
    return UnsafeBufferPointer(start: start, count: count)
  }

  func text(_ code: Int) -> String { String(decoding: bytes(code), as: UTF8.self) }

  /// The number of a text, a new one if it hasn't come before.
  func code(of text: UnsafeBufferPointer<UInt8>) -> Int32 {
    dh_dictionary_code(dictionary, text.baseAddress, text.count)
  }
}
