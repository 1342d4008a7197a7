#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// Whether two paths lead to one and the same regular file, by whatever names and links; false where one is not there.
public func isSameFile(_ first: String, _ second: String) -> Bool {
  guard let first = identity(first, S_IFREG), let second = identity(second, S_IFREG) else { return false }
  return first == second
}

/// The same of two folders.
public func isSameFolder(_ first: String, _ second: String) -> Bool {
  guard let first = identity(first, S_IFDIR), let second = identity(second, S_IFDIR) else { return false }
  return first == second
}

private struct FileIdentity: Equatable {
  let device: dev_t
  let number: ino_t
}

private func identity(_ path: String, _ kind: mode_t) -> FileIdentity? {
  var status = stat()
  guard stat(path, &status) == 0, status.st_mode & S_IFMT == kind else { return nil }
  return FileIdentity(device: status.st_dev, number: status.st_ino)
}
