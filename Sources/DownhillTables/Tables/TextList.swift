internal import CTables

/// Texts by number, in one piece of memory.
final class TextList {
  let texts: OpaquePointer

  init() { texts = dh_texts_make() }
  deinit { dh_texts_free(texts) }

  /// Puts a text behind `index` others.
  func put(_ text: UnsafeBufferPointer<UInt8>, at index: Int) {
    dh_texts_put(texts, index, text.baseAddress, text.count)
  }

  subscript(index: Int) -> String {
    var count = 0
    let start = dh_texts_text(texts, index, &count)
    return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
  }
}
