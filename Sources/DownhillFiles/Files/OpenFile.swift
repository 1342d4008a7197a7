#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// Writes all bytes at a place of an open file.
package func writeAll(
  _ bytes: UnsafeRawBufferPointer, at offset: Int, _ descriptor: Int32, path: String
) throws(FileError) {
  var sent = 0
  while sent < bytes.count {
    switch uninterrupted({ pwrite(descriptor, bytes.baseAddress! + sent, bytes.count - sent, off_t(offset + sent)) }) {
    case .success(let count): sent += count
    case .failure(let error): throw .cannotWrite(path, error, keepsOld: false)
    }
  }
}

/// Takes room for the first bytes of an open file.
package func reserveRoom(_ bytes: Int, _ descriptor: Int32, path: String) throws(FileError) {
  guard bytes > 0 else { return }
  #if canImport(Darwin)
    if case .failure(let error) = uninterrupted({ Int(ftruncate(descriptor, off_t(bytes))) }) {
      throw .cannotWrite(path, error, keepsOld: false)
    }
  #else
    var number: Int32
    repeat { number = posix_fallocate(descriptor, 0, off_t(bytes)) } while number == EINTR
    if number != 0 { throw .cannotWrite(path, SystemError(number: number), keepsOld: false) }
  #endif
}

/// The bytes that are free on the disk of a folder, for this user; nil: the system doesn't say.
package func freeSpace(in folder: String) -> Int? {
  var status = statvfs()
  guard statvfs(folder, &status) == 0 else { return nil }
  return Int(clamping: UInt64(status.f_bavail).multipliedReportingOverflow(by: UInt64(status.f_frsize)).partialValue)
}

/// What tells one state of a regular file from another, without reading it; nil: there is no such file.
package struct FileStamp: Sendable, Codable, Equatable {
  package let size: Int
  package let modifiedSeconds: Int
  package let modifiedNanoseconds: Int

  package init?(_ path: String) {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    size = Int(status.st_size)
    #if canImport(Darwin)
      (modifiedSeconds, modifiedNanoseconds) = (status.st_mtimespec.tv_sec, status.st_mtimespec.tv_nsec)
    #else
      (modifiedSeconds, modifiedNanoseconds) = (Int(status.st_mtim.tv_sec), Int(status.st_mtim.tv_nsec))
    #endif
  }
}
