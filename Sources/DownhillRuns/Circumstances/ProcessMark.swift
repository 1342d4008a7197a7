internal import DownhillFiles

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// What tells a process from all others, those that are given its number later among them.
public struct ProcessMark: Sendable, Equatable {
  public let id: Int
  /// In the system's ticks since it booted; 0 where that can't be found out.
  public let started: Int
  /// The machine, its boot, and the container: where the number means anything.
  public let place: String

  public init(id: Int, started: Int, place: String) { (self.id, self.started, self.place) = (id, started, place) }

  /// Of this process.
  public static let current = ProcessMark(
    id: Int(getpid()), started: start(of: Int(getpid())) ?? 0, place: "\(host) \(boot) \(container)")

  /// Whether the process is known to have ended. One of another machine or container isn't.
  public var isGone: Bool {
    let here = Self.current.place.split(separator: " ", omittingEmptySubsequences: false)
    let there = place.split(separator: " ", omittingEmptySubsequences: false)
    guard here.count == 3, there.count == 3, here[0] == there[0] else { return false }
    // Nothing outlives a boot.
    if here[1] != there[1] { return true }
    guard here[2] == there[2] else { return false }
    if kill(pid_t(truncatingIfNeeded: id), 0) != 0 && errno == ESRCH { return true }
    guard started > 0, let now = Self.start(of: id) else { return false }
    return now != started
  }

  /// The 22nd field of /proc/ID/stat. The second is the program's name, which may hold anything.
  private static func start(of id: Int) -> Int? {
    guard let text = SystemFile.text("/proc/\(id)/stat"), let end = text.lastIndex(of: ")") else { return nil }
    let fields = text[text.index(after: end)...].split(separator: " ")
    return fields.count > 19 ? Int(fields[19]) : nil
  }

  /// The machine's name.
  public static let host: String = {
    var buffer = [CChar](repeating: 0, count: 256)
    guard gethostname(&buffer, 255) == 0 else { return "?" }
    let bytes = buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    return String(decoding: bytes, as: UTF8.self).split(separator: " ").joined(separator: "-")
  }()

  private static let boot = SystemFile.line("/proc/sys/kernel/random/boot_id") ?? "?"

  /// Processes are numbered anew in each container.
  private static let container: String = {
    var status = stat()
    return stat("/proc/self/ns/pid", &status) == 0 ? "\(status.st_ino)" : "?"
  }()
}
