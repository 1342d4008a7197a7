#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// Whether two paths lead to one and the same regular file, by whatever names and links; false where one is not there.
public func isSameFile(_ first: String, _ second: String) -> Bool {
  guard let first = identity(first), let second = identity(second) else { return false }
  return first == second
}

private struct FileIdentity: Equatable {
  let device: dev_t
  let number: ino_t
}

private func identity(_ path: String) -> FileIdentity? {
  var status = stat()
  guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
  return FileIdentity(device: status.st_dev, number: status.st_ino)
}
