#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// An empty folder of its own for a test, removed with all that is in it.
final class Folder {
  let path: String

  init() {
    var template = Array("/tmp/downhill-test-XXXXXX".utf8CString)
    path = String(cString: mkdtemp(&template))
  }

  deinit {
    for name in names { unlink(self[name]) }
    for name in names { rmdir(self[name]) }
    rmdir(path)
  }

  /// The path of a name in this folder.
  subscript(name: String) -> String { path + "/" + name }

  var names: [String] {
    guard let directory = opendir(path) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  func mode(_ name: String) -> mode_t {
    var status = stat()
    return lstat(self[name], &status) == 0 ? status.st_mode & 0o7777 : 0
  }
}

/// A file under Tests/Fixtures.
func fixture(_ name: String) -> String {
  let tests = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(2).joined(separator: "/")
  return tests + "/Fixtures/" + name
}
