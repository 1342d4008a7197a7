#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// A folder of files.
public struct Folder: Sendable {
  public let path: String

  public init(_ path: String) { self.path = path }

  /// The path of a file in it.
  public func file(_ name: String) -> String { path.hasSuffix("/") ? path + name : "\(path)/\(name)" }

  public var exists: Bool {
    if case .success(let status) = FileStatus.following(path) { status.kind == .directory } else { false }
  }

  /// Makes the folder where there is none; not the folder that it is to stand in.
  /// - Throws: `FileError` of kind `cannotCreate`.
  public func create() throws(FileError) {
    guard case .failure(let error) = uninterrupted({ Int(mkdir(path, 0o777)) }) else { return }
    if error.number == EEXIST, exists { return }
    throw .cannotCreate(path, error.number == EEXIST ? SystemError(number: ENOTDIR) : error)
  }

  /// The names of what is in it, in order.
  /// - Throws: `FileError` of kind `cannotOpen`.
  public func names() throws(FileError) -> [String] {
    guard let directory = opendir(path) else { throw .cannotOpen(path, SystemError(number: errno)) }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { place in
        place.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: place.pointee)) {
          String(cString: $0)
        }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// Removes a file in it; no harm where there is none.
  public func remove(_ name: String) { _ = unlink(file(name)) }
}
