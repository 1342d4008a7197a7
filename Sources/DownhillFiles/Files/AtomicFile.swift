#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// A file written whole or not at all.
///
///     var file = try AtomicFile("model.safetensors")
///     try file.write(bytes)
///     try file.commit()
///
/// The bytes go to a temporary file in the same folder. `commit` brings them to the disk (fsync), puts the file in its
/// place (rename) and brings that to the disk too. Until then a file of that name keeps its content; an `AtomicFile`
/// that ends without `commit`, be it for an error, removes its temporary file and leaves no trace. A program that a
/// signal ends removes them all by `abandonAll`.
///
/// A replaced file keeps its mode, and its owner where the system allows; a new file has the mode that the umask gives.
/// A symbolic link stays, and the file that it points at is replaced. A hard link is parted from its other names. What
/// is no regular file (a pipe, a device, `/dev/stdout`) is written directly.
public struct AtomicFile: ~Copyable {
  /// The file as the caller named it.
  public let path: String
  private let destination: WriteDestination
  private let descriptor: Int32
  private let temporary: Temporary?
  private var pending: [UInt8] = []
  private var isOpen = true

  private static let pendingLimit = 1 << 16

  /// Opens the way to a file: makes the temporary file.
  ///
  /// - Throws: `FileError` of kind `cannotCreate`.
  public init(_ path: String) throws(FileError) {
    let destination = try WriteDestination(path)
    switch destination {
    case .direct(let opened): self.init(path, destination, opened, temporary: nil)
    case .regular(let target, let existing):
      let (made, temporary) = try Self.makeTemporary(for: target, existing: existing, path: path)
      self.init(path, destination, made, temporary: temporary)
    }
  }

  private init(_ path: String, _ destination: WriteDestination, _ descriptor: Int32, temporary: Temporary?) {
    self.path = path
    self.destination = destination
    self.descriptor = descriptor
    self.temporary = temporary
  }

  deinit {
    if isOpen {
      _ = close(descriptor)
      temporary?.remove()
    }
  }

  /// Adds bytes at the end. They may wait in memory, up to 64 KiB of them.
  ///
  /// - Throws: `FileError` of kind `inputOutput`.
  public mutating func write(_ bytes: [UInt8]) throws(FileError) {
    if pending.count + bytes.count > Self.pendingLimit { try flush() }
    if bytes.count >= Self.pendingLimit { try send(bytes) } else { pending += bytes }
  }

  /// Adds text at the end, as UTF-8.
  ///
  /// - Throws: `FileError` of kind `inputOutput`.
  public mutating func write(_ text: String) throws(FileError) { try write(Array(text.utf8)) }

  /// Hands over to the system what waits in memory. A reader of a pipe sees it then.
  ///
  /// - Throws: `FileError` of kind `inputOutput`.
  public mutating func flush() throws(FileError) {
    if pending.isEmpty { return }
    let bytes = pending
    pending.removeAll(keepingCapacity: true)
    try send(bytes)
  }

  /// The open file, to be written at places of one's own choice and mapped; nil for a pipe or a device. It is closed with
  /// this.
  package var openFile: Int32? { temporary == nil ? nil : descriptor }

  /// Puts the file in its place.
  ///
  /// - Throws: `FileError` of kind `inputOutput` or `cannotCreate`; what was there before is untouched then.
  public consuming func commit() throws(FileError) {
    try flush()
    guard case .regular(let target, _) = destination, let temporary else {
      isOpen = false
      if close(descriptor) != 0, errno != EINTR {
        throw .cannotWrite(path, SystemError(number: errno), keepsOld: false)
      }
      return
    }
    if case .failure(let error) = synchronize(descriptor) { throw .cannotWrite(path, error, keepsOld: true) }
    isOpen = false
    if close(descriptor) != 0, errno != EINTR {
      let error = SystemError(number: errno)
      temporary.remove()
      throw .cannotWrite(path, error, keepsOld: true)
    }
    if rename(temporary.name, target) != 0 {
      let error = SystemError(number: errno)
      temporary.remove()
      throw .cannotCreate(path, error)
    }
    temporary.forget()
    try Self.synchronizeFolder(of: target, path: path)
  }

  /// Removes the temporary files of all files under way. It may be called in a signal handler, which then ends the
  /// process: nothing that is written afterwards is kept.
  public static func abandonAll() { TemporaryNames.removeAll() }

  /// Writes all of a file, whole or not at all.
  ///
  /// - Throws: `FileError` of kind `cannotCreate` or `inputOutput`.
  public static func write(_ bytes: [UInt8], to path: String) throws(FileError) {
    var file = try AtomicFile(path)
    try file.write(bytes)
    try file.commit()
  }

  private func send(_ bytes: [UInt8]) throws(FileError) {
    var sent = 0
    while sent < bytes.count {
      let outcome = uninterrupted {
        bytes.withUnsafeBytes { writeSome(descriptor, $0.baseAddress! + sent, $0.count - sent) }
      }
      switch outcome {
      case .success(let count): sent += count
      case .failure(let error): throw .cannotWrite(path, error, keepsOld: temporary != nil)
      }
    }
  }
}

extension AtomicFile {
  /// An empty file next to the target that nobody else has, with the rights of the file that it will replace.
  private static func makeTemporary(
    for target: String, existing: FileStatus?, path: String
  ) throws(FileError) -> (Int32, Temporary) {
    let mode = existing.map { $0.mode & 0o777 } ?? 0o666
    while true {
      let name = folder(of: target) + ".downhill-" + String(UInt64.random(in: 0 ... .max), radix: 36) + ".partial"
      // The name first, so that no signal comes between the two.
      let temporary = Temporary(name: name, place: TemporaryNames.remember(name))
      switch uninterrupted({ Int(open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, mode)) }) {
      case .failure(let error):
        temporary.forget()
        if error.number != EEXIST { throw .cannotCreate(path, error) }
      case .success(let opened):
        let descriptor = Int32(opened)
        if let existing {
          // The owner first: a change of owner may take rights away. Who may not give files away keeps them.
          _ = fchown(descriptor, existing.owner, existing.group)
          _ = fchmod(descriptor, existing.mode)
        }
        return (descriptor, temporary)
      }
    }
  }

  /// "a/b" → "a/"; "b" → "".
  private static func folder(of path: String) -> String {
    path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[...$0]) } ?? ""
  }

  private static func synchronizeFolder(of target: String, path: String) throws(FileError) {
    let folder = folder(of: target)
    let descriptor = open(folder.isEmpty ? "." : folder, O_RDONLY | O_CLOEXEC)
    // A folder may be open to write to and not to read; then there is nothing more to do.
    guard descriptor >= 0 else { return }
    defer { _ = close(descriptor) }
    if case .failure(let error) = synchronize(descriptor) {
      throw FileError(
        .inputOutput, path: path, problem: "written, but its folder did not reach the disk: \(error.text)",
        advice: "Check the disk.")
    }
  }
}

/// A file that is there until it is renamed or removed.
private struct Temporary {
  let name: String
  /// Among the names that a signal handler knows.
  let place: Int?

  func remove() {
    _ = unlink(name)
    forget()
  }

  func forget() { TemporaryNames.forget(place) }
}

/// Brings a file to the disk, where the file system knows how to.
private func synchronize(_ descriptor: Int32) -> Result<Void, SystemError> {
  let outcome = uninterrupted { Int(fsync(descriptor)) }
  if case .failure(let error) = outcome, error.number != EINVAL, error.number != ENOTSUP { return .failure(error) }
  return .success(())
}
