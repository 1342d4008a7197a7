/// Distinct texts, numbered in the order in which they first come.
struct TextTable {
  private var bytes: [UInt8] = []
  private var ends: [Int] = []
  private var hashes: [Int] = []
  /// Open addressing; −1: free.
  private var slots = [Int32](repeating: -1, count: 16)

  var count: Int { ends.count }

  func text(_ code: Int) -> String { String(decoding: bytes[range(code)], as: UTF8.self) }

  /// The number of a text, a new one if it hasn't come before.
  mutating func code(of text: UnsafeBufferPointer<UInt8>) -> Int32 {
    // The standard library's seeded hash: no file can be made to collide.
    var hasher = Hasher()
    hasher.combine(bytes: UnsafeRawBufferPointer(text))
    let hash = hasher.finalize()
    var slot = hash & (slots.count - 1)
    while slots[slot] >= 0 {
      let code = Int(slots[slot])
      if hashes[code] == hash && bytes[range(code)].elementsEqual(text) { return slots[slot] }
      slot = (slot + 1) & (slots.count - 1)
    }
    let code = Int32(count)
    slots[slot] = code
    bytes.append(contentsOf: text)
    ends.append(bytes.count)
    hashes.append(hash)
    if 2 * count > slots.count { rehash() }
    return code
  }

  private func range(_ code: Int) -> Range<Int> { (code == 0 ? 0 : ends[code - 1])..<ends[code] }

  private mutating func rehash() {
    slots = [Int32](repeating: -1, count: 2 * slots.count)
    for (code, hash) in hashes.enumerated() {
      var slot = hash & (slots.count - 1)
      while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = Int32(code)
    }
  }
}
