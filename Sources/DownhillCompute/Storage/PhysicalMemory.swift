#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// The machine's memory in bytes; what needs more is refused before it is tried.
package let physicalMemory = max(1, sysconf(Int32(_SC_PHYS_PAGES))) * max(1, sysconf(Int32(_SC_PAGESIZE)))

/// The memory in bytes that this process may have: the machine's, or less where a control group of Linux, as containers
/// and services are in, has a limit.
package let allowedMemory = min(physicalMemory, controlGroupLimit() ?? physicalMemory)

/// The lowest limit of the groups that this process is in, of either version of control groups; nil: there is none.
private func controlGroupLimit() -> Int? {
  guard let groups = smallFile("/proc/self/cgroup") else { return nil }
  var limits: [Int] = []
  for line in groups.split(separator: "\n") {
    let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3 else { continue }
    let isSecond = parts[1].isEmpty
    guard isSecond || parts[1].split(separator: ",").contains("memory") else { continue }
    let root = isSecond ? "/sys/fs/cgroup" : "/sys/fs/cgroup/memory"
    let file = isSecond ? "memory.max" : "memory.limit_in_bytes"
    // A group's limit holds for those inside it. In a container the path may be that of the host: then the root is the group.
    var path = String(parts[2])
    while true {
      if let text = smallFile("\(root)\(path == "/" ? "" : path)/\(file)"),
        let limit = Int(text.split(separator: "\n").first ?? "")
      {
        limits.append(limit)
      }
      guard let slash = path.lastIndex(of: "/"), path != "/" else { break }
      path = slash == path.startIndex ? "/" : String(path[..<slash])
    }
  }
  return limits.min()
}

/// The text of a small file of the system; nil: there is none.
private func smallFile(_ path: String) -> String? {
  let descriptor = open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { return nil }
  defer { _ = close(descriptor) }
  var bytes = [UInt8](repeating: 0, count: 1 << 14)
  let count = read(descriptor, &bytes, bytes.count)
  return count > 0 ? String(decoding: bytes.prefix(count), as: UTF8.self) : nil
}
