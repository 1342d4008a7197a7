/// Files in formats that others write, made of their parts.
enum Packing {
  static func little(_ value: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }

  /// The checksum of gzip and zip (RFC 1952), bit by bit.
  static func checksum(_ bytes: [UInt8]) -> Int {
    var register: UInt32 = ~0
    for byte in bytes {
      register ^= UInt32(byte)
      for _ in 0..<8 { register = register >> 1 ^ (register & 1 == 0 ? 0 : 0xEDB8_8320) }
    }
    return Int(~register)
  }

  /// A gzip file of stored blocks: what is changed in it changes what it holds.
  static func gzip(_ bytes: [UInt8]) -> [UInt8] {
    var packed: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3]
    var rest = bytes[...]
    repeat {
      let block = rest.prefix(0xFFFF)
      rest = rest.dropFirst(block.count)
      packed += [rest.isEmpty ? 1 : 0] + little(block.count, 2) + little(~block.count, 2) + block
    } while !rest.isEmpty
    return packed + little(checksum(bytes), 4) + little(bytes.count, 4)
  }

  /// A zip archive of one stored entry.
  static func zip(_ name: String, _ bytes: [UInt8]) -> [UInt8] {
    let common =
      little(20, 2) + little(0, 2) + little(0, 2) + little(0, 4) + little(checksum(bytes), 4)
      + little(bytes.count, 4) + little(bytes.count, 4) + little(name.utf8.count, 2) + little(0, 2)
    let local = [0x50, 0x4B, 3, 4] + common + Array(name.utf8) + bytes
    let entry =
      [0x50, 0x4B, 1, 2] + little(20, 2) + common + little(0, 2) + little(0, 2) + little(0, 2) + little(0, 4)
      + little(0, 4) + Array(name.utf8)
    return local + entry + [0x50, 0x4B, 5, 6] + little(0, 4) + little(1, 2) + little(1, 2) + little(entry.count, 4)
      + little(local.count, 4) + little(0, 2)
  }

  /// NumPy's format, version 1.
  static func npy(_ type: String, _ shape: String, _ bytes: [UInt8]) -> [UInt8] {
    var header = Array("{'descr': '\(type)', 'fortran_order': False, 'shape': (\(shape)), }".utf8)
    while (header.count + 11) % 64 != 0 { header.append(0x20) }
    header.append(0x0A)
    return [0x93] + Array("NUMPY".utf8) + [1, 0] + little(header.count, 2) + header + bytes
  }

  static func idx(_ dimensions: [Int], _ bytes: [UInt8]) -> [UInt8] {
    [0, 0, 8, UInt8(dimensions.count)] + dimensions.flatMap { little($0, 4).reversed() } + bytes
  }
}
