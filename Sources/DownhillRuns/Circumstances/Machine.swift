public import DownhillFiles

/// The machine that a run is on.
public enum Machine {
  /// Its name, its processor, and how many of them.
  public static var description: [(String, JSONValue)] {
    let lines = (SystemFile.text("/proc/cpuinfo") ?? "").split(separator: "\n")
    let processor = lines.first { $0.hasPrefix("model name") }?.split(separator: ":", maxSplits: 1).last
    return [
      ("host", .string(ProcessMark.host)),
      ("processor", processor.map { .string(String($0.drop { $0 == " " })) } ?? .null),
      ("processors", JSONValue(lines.count { $0.hasPrefix("processor") })),
    ]
  }
}
