internal import DownhillCompute
internal import DownhillFiles

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// A cache as it stands on the disk: a head, the columns' values one after the other in the machine's byte order, and at the
/// end the content.
struct CacheFile {
  let content: CacheContent
  private let mapping: FileMapping
  let bytes: Int

  /// Goes up with each change of the format.
  static let version = 2
  /// The first values begin here, and all at a multiple of it, so that pages have one owner.
  static let alignment = FileMapping.pageSize
  private static let headSize = 48
  private static let magic = Array("DOWNHILLCACHE\r\n\u{1A}".utf8)

  /// Why a file that was found can't be used.
  enum Fault: Error {
    case absent
    case reason(String)
  }

  /// The cache in an open file, checked to the last byte.
  /// - Parameter key: that of the table that is wanted.
  init(_ descriptor: Int32, key: CacheContent.Key, threads: Int?) throws(Fault) {
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { throw .reason("it is no file") }
    bytes = Int(status.st_size)
    guard bytes >= Self.headSize, let mapping = FileMapping(descriptor: descriptor, count: bytes) else {
      throw .reason("it is no cache")
    }
    self.mapping = mapping
    let all = UnsafeRawBufferPointer(start: mapping.base, count: bytes)
    guard all.prefix(Self.magic.count).elementsEqual(Self.magic) else { throw .reason("it is no cache") }
    func word(_ index: Int) -> UInt64 { all.loadUnaligned(fromByteOffset: 16 + 8 * index, as: UInt64.self) }
    guard word(0) == UInt64(Self.version) else { throw .reason("it is of another version of Downhill") }
    guard let offset = Int(exactly: word(1)), let count = Int(exactly: word(2)), offset >= Self.headSize, count >= 0,
      offset <= bytes, bytes - offset == count
    else { throw .reason("it is cut short") }
    let json = UnsafeRawBufferPointer(rebasing: all[offset...])
    guard DownhillTables.checksum(json) == word(3) else { throw .reason("it is damaged") }
    guard let content = try? JSONDecoder().decode(CacheContent.self, from: Data(json)) else {
      throw .reason("it is damaged")
    }
    guard content.key.files == key.files else { throw .reason("the data have changed since it was built") }
    guard content.key == key else { throw .reason("it was built for another target or other options") }
    self.content = content
    mapping.giveBack()
    try check(before: offset, threads: threads)
  }

  /// Every region lies within the file, is as long as the rows ask for, has its checksum, and codes have names.
  private func check(before end: Int, threads: Int?) throws(Fault) {
    let content = content
    guard (0...Int(Int32.max)).contains(content.rows) else { throw .reason("it is damaged") }
    let columns = content.columns + content.aside
    var regions = columns.map { (region: $0.region, size: $0.names == nil ? 8 : 4, names: $0.names?.count ?? Int.max) }
    for region in [content.lines, content.fileNumbers].compactMap({ $0 }) { regions.append((region, 4, .max)) }
    let mapping = mapping
    let areSound = inParallel(regions.count, threads: threads) { index in
      let (region, size, names) = regions[index]
      guard region.offset >= Self.alignment, region.offset % Self.alignment == 0, region.bytes == size * content.rows,
        region.offset <= end, region.bytes <= end - region.offset
      else { return false }
      if size == 4, names != .max {
        let codes = ColumnStorage<Int32>(mapping, at: region.offset, count: content.rows)
        guard codes.allSatisfy({ $0 >= -1 && Int($0) < names }) else { return false }
      }
      return Self.checksum(ofRegion: region.offset..<region.offset + region.bytes, in: mapping) == region.checksum
    }
    if areSound.contains(false) { throw .reason("it is damaged") }
  }

  /// The checksum of a region, of which little is in memory at a time.
  static func checksum(ofRegion region: Range<Int>, in mapping: FileMapping) -> UInt64 {
    let piece = 1 << 22
    var sum: UInt64 = 0
    for first in stride(from: region.lowerBound, to: region.upperBound, by: piece) {
      let range = first..<min(region.upperBound, first + piece)
      let bytes = UnsafeRawBufferPointer(start: mapping.base + first, count: range.count)
      sum = (sum << 1 | sum >> 63) ^ DownhillTables.checksum(bytes)
      mapping.giveBack(range.lowerBound..<min(mapping.count, range.upperBound + alignment - 1) & ~(alignment - 1))
    }
    return sum
  }

  /// Writes the content behind the values, and the head, which makes a cache of the file.
  static func finish(_ descriptor: Int32, path: String, end: Int, _ content: CacheContent) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    let json = Array(try encoder.encode(content))
    let sum = json.withUnsafeBytes { DownhillTables.checksum($0) }
    let head = magic + [UInt64(version), UInt64(end), UInt64(json.count), sum].flatMap(bytes(of:))
    try json.withUnsafeBytes { try writeAll($0, at: end, descriptor, path: path) }
    try head.withUnsafeBytes { try writeAll($0, at: 0, descriptor, path: path) }
    // What was tried behind the last column and not kept.
    guard ftruncate(descriptor, off_t(end + json.count)) == 0 else {
      throw FileError(
        .inputOutput, path: path, problem: "the file can't be cut to its length",
        advice: "Check the disk that it is on.")
    }
  }

  /// As the machine has them in memory.
  private static func bytes(of word: UInt64) -> [UInt8] { withUnsafeBytes(of: word) { Array($0) } }

  /// The table.
  /// - Parameter files: the names of its files.
  func table(files: [String], folder: String) -> Table {
    func column(_ stored: CacheContent.StoredColumn) -> Column {
      let values: ColumnValues =
        if let names = stored.names {
          .categories(
            codes: ColumnStorage<Int32>(mapping, at: stored.region.offset, count: content.rows), names: names)
        } else {
          .numbers(ColumnStorage<Double>(mapping, at: stored.region.offset, count: content.rows))
        }
      return Column(name: stored.name, kind: stored.kind, values: values)
    }
    var table = Table(
      columns: content.columns.map(column),
      lines: ColumnStorage(mapping, at: content.lines.offset, count: content.rows), schema: content.schema,
      source: nameOfTable(files), format: content.format)
    table.aside = content.aside.map(column)
    if let numbers = content.fileNumbers {
      table.files = files
      table.fileNumbers = ColumnStorage(mapping, at: numbers.offset, count: content.rows)
    }
    table.skipped = SkippedRows(content)
    table.notes = content.notes
    table.scratchFolder = folder
    return table
  }
}
