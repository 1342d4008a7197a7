internal import CTables

/// A zip archive in memory (PKWARE, "APPNOTE.TXT"): what it holds, stored or deflated.
final class ZipArchive {
  let name: String
  private let window: ByteWindow
  private(set) var entries: [Entry] = []

  struct Entry {
    let name: String
    let isDeflated: Bool
    let checksum: UInt32
    let packedSize: Int
    let size: Int
    fileprivate let header: Int
  }

  private static let mostEntries = 1 << 16

  /// - Throws: `TableError` where the file can't be opened, or is no zip archive, or a damaged one.
  init(_ path: String) throws(TableError) {
    name = path
    window = try ByteWindow(wholeOf: Input(path: path))
    var place = try directory()
    for _ in 0..<place.count {
      guard try number(place.start, 4) == 0x0201_4B50, entries.count < Self.mostEntries else { throw damaged() }
      let start = place.start
      let flags = try number(start + 8, 2), method = try number(start + 10, 2)
      let nameLength = try number(start + 28, 2), extraLength = try number(start + 30, 2)
      let commentLength = try number(start + 32, 2)
      var sizes = [try number(start + 24, 4), try number(start + 20, 4), try number(start + 42, 4)]
      let text = try bytes(start + 46, nameLength)
      try readLargeSizes(&sizes, extra: start + 46 + nameLength, extraLength)
      guard flags & 1 == 0, method == 0 || method == 8 else {
        throw TableError(
          .malformed, file: path,
          "\(excerpt(text)) in the archive is encrypted or packed by a method that isn't known; stored and deflated "
            + "arrays are read, as numpy.savez and numpy.savez_compressed write them.")
      }
      entries.append(
        Entry(
          name: String(decoding: text, as: UTF8.self), isDeflated: method == 8,
          checksum: UInt32(try number(start + 16, 4)), packedSize: sizes[1], size: sizes[0], header: sizes[2]))
      place.start = start + 46 + nameLength + extraLength + commentLength
    }
  }

  /// The content of an entry, unpacked.
  func source(_ entry: Entry) throws(TableError) -> any ByteSource {
    guard try number(entry.header, 4) == 0x0403_4B50 else { throw damaged() }
    let start = entry.header + 30 + (try number(entry.header + 26, 2)) + (try number(entry.header + 28, 2))
    guard entry.isDeflated || entry.packedSize == entry.size else { throw damaged() }
    return try ZipEntrySource(self, entry, try bytes(start, entry.packedSize))
  }

  /// Where the list of entries begins, and how many there are.
  private func directory() throws(TableError) -> (start: Int, count: Int) {
    // At the end, before a comment of up to 65,535 bytes.
    var end = window.count - 22
    let first = max(0, end - 0xFFFF)
    while end >= first, try number(end, 4) != 0x0605_4B50 { end -= 1 }
    guard end >= first else {
      throw TableError(
        .malformed, file: name,
        "the file begins like a zip archive, and its list of contents is missing. Is it cut short?")
    }
    let count = try number(end + 10, 2), start = try number(end + 16, 4)
    guard start == 0xFFFF_FFFF || count == 0xFFFF, end >= 20, try number(end - 20, 4) == 0x0706_4B50 else {
      return (start, count)
    }
    let large = try number(end - 12, 8)
    guard try number(large, 4) == 0x0606_4B50 else { throw damaged() }
    return (try number(large + 48, 8), try number(large + 32, 8))
  }

  /// Sizes that don't fit into 32 bits stand in a field of their own, in this order.
  private func readLargeSizes(_ sizes: inout [Int], extra: Int, _ length: Int) throws(TableError) {
    guard sizes.contains(0xFFFF_FFFF) else { return }
    var place = extra
    while place + 4 <= extra + length {
      let id = try number(place, 2), fieldLength = try number(place + 2, 2)
      if id == 1 {
        var value = place + 4
        for index in sizes.indices where sizes[index] == 0xFFFF_FFFF {
          guard value + 8 <= place + 4 + fieldLength else { throw damaged() }
          sizes[index] = try number(value, 8)
          value += 8
        }
        return
      }
      place += 4 + fieldLength
    }
    throw damaged()
  }

  private func bytes(_ start: Int, _ count: Int) throws(TableError) -> UnsafeBufferPointer<UInt8> {
    guard start >= 0, count >= 0, start <= window.count, count <= window.count - start else { throw damaged() }
    return UnsafeBufferPointer(start: window.base + start, count: count)
  }

  private func number(_ start: Int, _ count: Int) throws(TableError) -> Int {
    let value = try bytes(start, count).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard value <= 1 << 48 else { throw damaged() }
    return Int(value)
  }

  func damaged() -> TableError {
    TableError(
      .malformed, file: name, "the archive is damaged: a part of it is not where the others say. Fetch it again.")
  }
}

/// An entry of an archive, unpacked, its checksum compared at the end.
private final class ZipEntrySource: ByteSource {
  let name: String
  // Keeps the memory.
  private let archive: ZipArchive
  private let entry: ZipArchive.Entry
  private var rest: UnsafeRawBufferPointer
  private let inflater: Inflater?
  private var checksum: UInt32 = 0
  private var given = 0

  init(_ archive: ZipArchive, _ entry: ZipArchive.Entry, _ packed: UnsafeBufferPointer<UInt8>) throws(TableError) {
    (self.archive, self.entry, name) = (archive, entry, archive.name)
    rest = UnsafeRawBufferPointer(packed)
    inflater = entry.isDeflated ? try Inflater(file: archive.name, isRaw: true) : nil
  }

  func read(into buffer: UnsafeMutableRawPointer, count: Int) throws(TableError) -> Int {
    let target = UnsafeMutableRawBufferPointer(start: buffer, count: min(count, entry.size - given))
    var got = 0
    if let inflater {
      got = try inflater.inflate(&rest, into: target)
    } else {
      got = min(rest.count, target.count)
      target.copyMemory(from: UnsafeRawBufferPointer(rebasing: rest[..<got]))
      rest = UnsafeRawBufferPointer(rebasing: rest[got...])
    }
    checksum = dh_crc32(checksum, UnsafePointer(buffer.assumingMemoryBound(to: UInt8.self)), got)
    given += got
    if got == 0 && count > 0 && (given != entry.size || checksum != entry.checksum) {
      throw TableError(
        .malformed, file: name,
        "\(excerpt(entry.name)) in the archive is damaged: its checksum is wrong. Fetch it again.")
    }
    return got
  }
}
