/// A 64-bit hash of floats and words, to tell data apart; no defence against someone who means to deceive.
public struct Fingerprint: Sendable {
  private var state: UInt64 = 0x9E37_79B9_7F4A_7C15

  public init() {}

  public mutating func add(_ word: UInt32) {
    state = (state ^ UInt64(word)) &* 0xD6E8_FEB8_6659_FD93
    state ^= state >> 32
  }

  /// Rows, columns and all elements.
  public mutating func add(_ matrix: Matrix) {
    add(UInt32(truncatingIfNeeded: matrix.rows))
    add(UInt32(truncatingIfNeeded: matrix.columns))
    matrix.forEachBlock { block in
      for index in 0..<block.rows * block.columns { add(block.base[index].bitPattern) }
    }
  }

  public var hexadecimal: String {
    let digits = String(state, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}

extension Vector {
  /// A number that other vectors hardly have.
  public var fingerprint: String {
    var hash = Fingerprint()
    for index in 0..<count { hash.add(base[index].bitPattern) }
    return hash.hexadecimal
  }
}
