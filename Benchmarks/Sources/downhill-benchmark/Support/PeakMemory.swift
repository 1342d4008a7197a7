import Foundation

/// The most memory that this process has had at once, in bytes; nil where the system doesn't say.
func peakMemory() -> Double? {
  // getrusage would count what the parent had when it forked.
  guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
    let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") }),
    let kilobytes = line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap({ Double($0) })
  else { return nil }
  return 1024 * kilobytes
}
