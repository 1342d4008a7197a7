/// XXH64 with the seed 0: a hash that is as fast as memory, to tell files apart; no defence against someone who means to
/// deceive. `xxhsum -H64 FILE` prints the same (Collet, "xxHash fast digest algorithm", 2016).
public struct XXH64: Sendable {
  private static let primes: [UInt64] = [
    0x9E37_79B1_85EB_CA87, 0xC2B2_AE3D_27D4_EB4F, 0x1656_67B1_9E37_79F9, 0x85EB_CA77_C2B2_AE63, 0x27D4_EB2F_1656_67C5,
  ]
  private static let (first, second, third, fourth, fifth) = (primes[0], primes[1], primes[2], primes[3], primes[4])
  private static let stripe = 32

  private var lanes = SIMD4<UInt64>(first &+ second, second, 0, 0 &- first)
  /// Bytes that don't fill a stripe yet.
  private var rest: [UInt8] = []
  public private(set) var length = 0

  public init() {}

  /// Takes more bytes.
  public mutating func update(_ bytes: UnsafeRawBufferPointer) {
    length += bytes.count
    var bytes = bytes
    if !rest.isEmpty {
      let part = bytes.prefix(Self.stripe - rest.count)
      rest += part
      bytes = UnsafeRawBufferPointer(rebasing: bytes.dropFirst(part.count))
      if rest.count < Self.stripe { return }
      rest.withUnsafeBytes { Self.mix($0, into: &lanes) }
      rest.removeAll(keepingCapacity: true)
    }
    let whole = bytes.count & ~(Self.stripe - 1)
    Self.mix(UnsafeRawBufferPointer(rebasing: bytes[..<whole]), into: &lanes)
    rest += bytes[whole...]
  }

  /// The hash of all bytes so far.
  public var value: UInt64 {
    var hash: UInt64
    if length >= Self.stripe {
      hash = Self.rotated(lanes[0], 1) &+ Self.rotated(lanes[1], 7)
      hash = hash &+ Self.rotated(lanes[2], 12) &+ Self.rotated(lanes[3], 18)
      for lane in 0..<4 {
        let mixed = Self.rotated(lanes[lane] &* Self.second, 31) &* Self.first
        hash = (hash ^ mixed) &* Self.first &+ Self.fourth
      }
    } else {
      hash = Self.fifth
    }
    hash = hash &+ UInt64(length)
    rest.withUnsafeBytes { bytes in
      var place = 0
      while place + 8 <= bytes.count {
        let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self))
        hash = Self.rotated(hash ^ (Self.rotated(word &* Self.second, 31) &* Self.first), 27) &* Self.first
        hash = hash &+ Self.fourth
        place += 8
      }
      if place + 4 <= bytes.count {
        let word = UInt64(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt32.self)))
        hash = Self.rotated(hash ^ (word &* Self.first), 23) &* Self.second &+ Self.third
        place += 4
      }
      for byte in bytes[place...] { hash = Self.rotated(hash ^ (UInt64(byte) &* Self.fifth), 11) &* Self.first }
    }
    hash = (hash ^ (hash >> 33)) &* Self.second
    hash = (hash ^ (hash >> 29)) &* Self.third
    return hash ^ (hash >> 32)
  }

  public var hexadecimal: String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  /// Whole stripes.
  private static func mix(_ bytes: UnsafeRawBufferPointer, into lanes: inout SIMD4<UInt64>) {
    let (first, second) = (first, second)
    var (a, b, c, d) = (lanes[0], lanes[1], lanes[2], lanes[3])
    var place = 0
    func mixed(_ lane: UInt64, _ offset: Int) -> UInt64 {
      let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: place + offset, as: UInt64.self))
      return rotated(lane &+ word &* second, 31) &* first
    }
    while place < bytes.count {
      (a, b, c, d) = (mixed(a, 0), mixed(b, 8), mixed(c, 16), mixed(d, 24))
      place += stripe
    }
    lanes = SIMD4(a, b, c, d)
  }

  private static func rotated(_ word: UInt64, _ bits: UInt64) -> UInt64 { word << bits | word >> (64 - bits) }
}
