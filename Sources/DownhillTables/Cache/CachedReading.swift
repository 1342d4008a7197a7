internal import DownhillCompute
internal import DownhillFiles

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// A table that is read through a cache: from the one that is there, or from one that is built.
struct CachedReading {
  let sources: [TableSource]
  let format: CSVFormat
  let overrides: SchemaOverrides
  let target: String?
  let threads: Int?
  let cache: TableCache

  private var files: [String] { sources.map(\.name) }

  /// - Parameter reason: why there shall be a cache.
  func table(_ reason: String, _ onEvent: (TableCache.Event) -> Void) throws -> Table {
    let key = try key()
    let path = cache.path(for: files[0])
    var why = reason
    do throws(CacheFile.Fault) {
      let found = try existing(path, key)
      onEvent(.found(path: path, bytes: found.bytes))
      return found.table(files: files, folder: Self.folder(of: path))
    } catch {
      if case .reason(let fault) = error { why = "that which is there can't be used: \(fault)" }
    }
    let start = ContinuousClock.now
    func built(_ file: CacheFile, _ path: String, in folder: String) -> Table {
      let seconds = ContinuousClock.now - start
      onEvent(
        .built(
          path: path, bytes: file.bytes,
          seconds: Double(seconds.components.seconds)
            + Double(seconds.components.attoseconds) * 1e-18))
      return file.table(files: files, folder: folder)
    }
    do {
      let file = try AtomicFile(path)
      guard let opened = file.openFile else { throw FileError.notRegular(path) }
      onEvent(.building(path: path, reason: why))
      try build(into: opened, path: path, key)
      // The mapping stays that of this file, whatever others put in its place.
      let descriptor = fcntl(opened, F_DUPFD_CLOEXEC, 0)
      defer { _ = close(descriptor) }
      try file.commit()
      return built(try checked(descriptor, path, key), path, in: Self.folder(of: path))
    } catch let error as FileError where error.kind == .cannotCreate && cache.folder == nil {
      let folder = TableCache.temporaryFolder
      let file = try ScratchFile(in: folder)
      let name = "in \(folder) for this once"
      onEvent(.building(path: name, reason: "\(path) can't be written"))
      try build(into: file.descriptor, path: folder, key)
      return built(try checked(file.descriptor, folder, key), name, in: folder)
    }
  }

  private func build(into file: Int32, path: String, _ key: CacheContent.Key) throws {
    let folder = Self.folder(of: path)
    try CacheBuilder(
      sources, format, overrides, target: target, threads: threads, chunkRows: cache.chunkRows,
      folder: Folder(path).exists ? path : folder
    ).build(into: file, path: path, key: key)
    guard try self.key() == key else {
      throw TableError(.cannotRead, file: files[0], "the data changed while they were read. Start again.")
    }
  }

  private func existing(_ path: String, _ key: CacheContent.Key) throws(CacheFile.Fault) -> CacheFile {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw errno == ENOENT ? .absent : .reason("it can't be opened") }
    defer { _ = close(descriptor) }
    return try CacheFile(descriptor, key: key, threads: threads)
  }

  /// What was just written, read back.
  private func checked(_ descriptor: Int32, _ path: String, _ key: CacheContent.Key) throws(FileError) -> CacheFile {
    do {
      return try CacheFile(descriptor, key: key, threads: threads)
    } catch {
      var problem = "the cache can't be read back"
      if case .reason(let fault) = error { problem += ": \(fault)" }
      throw FileError(.inputOutput, path: path, problem: problem, advice: "Check the disk that it is on.")
    }
  }

  private func key() throws(TableError) -> CacheContent.Key {
    var stamps: [FileStamp] = []
    for file in files {
      guard let stamp = FileStamp(file) else {
        // The reading says best what is wrong.
        _ = try Input(path: file)
        throw TableCache.noFile(file)
      }
      stamps.append(stamp)
    }
    return CacheContent.Key(
      version: CacheFile.version, files: stamps, delimiter: format.delimiter?.rawValue, hasHeader: format.hasHeader,
      encoding: format.encoding, missing: format.missing, skipsBadRows: format.skipsBadRows, overrides: overrides,
      target: target)
  }

  /// "a/b" → "a"; "b" → "."; "/b" → "/".
  static func folder(of path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}

extension FileError {
  fileprivate static func notRegular(_ path: String) -> FileError {
    FileError(.inputOutput, path: path, problem: "it is no regular file", advice: "Name another folder for the cache.")
  }
}

extension TableCache {
  /// Bytes of memory that a table takes while it is read and encoded, for each byte of its text, and of its packed text.
  private static let (growth, packedGrowth) = (4, 16)

  /// Why the files are to be read through a cache; nil: they are not.
  func reason(for sources: [TableSource]) throws(TableError) -> String? {
    if mode == .never { return nil }
    var needed = 0
    for source in sources {
      guard case .file(let path) = source else {
        if mode == .automatic { return nil }
        throw Self.noFile(source.name)
      }
      guard let stamp = FileStamp(path) else {
        // What is not there, or is a pipe, is for the reading without a cache.
        if mode == .automatic { return nil }
        _ = try Input(path: path)
        throw Self.noFile(path)
      }
      if mode == .always { continue }
      let growth = try Self.isPacked(path) ? Self.packedGrowth : Self.growth
      needed = Int(clamping: needed.addingReportingOverflow(stamp.size.multipliedReportingOverflow(by: growth).0).0)
    }
    if mode == .always { return "it was asked for" }
    guard needed > Self.mostInMemory(of: allowedMemory) else { return nil }
    return "the table would take about \(shortSize(needed)) of the \(shortSize(allowedMemory)) of memory"
  }

  static func noFile(_ name: String) -> TableError {
    TableError(.badRequest, file: name, "is no regular file, and has no cache. Read it without one.")
  }

  static func isPacked(_ path: String) throws(TableError) -> Bool {
    try beginning(of: path, 2).withUnsafeBytes(UnpackedInput.isPacked)
  }

  /// The first bytes of a file.
  static func beginning(of path: String, _ count: Int) throws(TableError) -> [UInt8] {
    let input = try Input(path: path)
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 16)
    defer { buffer.deallocate() }
    var done = 0
    while done < count, case let got = try input.read(into: buffer.baseAddress! + done, count: count - done), got > 0 {
      done += got
    }
    return Array(buffer[..<done])
  }

  func path(for file: String) -> String {
    guard let folder else { return file + Self.ending }
    let name = file.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(file[file.index(after: $0)...]) } ?? file
    return Folder(folder).file(name + Self.ending)
  }

  /// For files without a name. `/tmp` is memory on many machines.
  static var temporaryFolder: String {
    if let asked = getenv("TMPDIR").map({ String(cString: $0) }), !asked.isEmpty, Folder(asked).exists { return asked }
    return Folder("/var/tmp").exists ? "/var/tmp" : "/tmp"
  }
}
