import DownhillFiles
import DownhillRuns
import Foundation

/// A folder of its own for a test, removed with all that is in it.
final class Scratch {
  let url = FileManager.default.temporaryDirectory.appending(path: "downhill-runs-\(UUID().uuidString)")
  init() throws { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) }
  deinit { try? FileManager.default.removeItem(at: url) }

  func path(_ name: String) -> String { url.appending(path: name).path() }

  func makeFolder(_ name: String) throws {
    try FileManager.default.createDirectory(at: url.appending(path: name), withIntermediateDirectories: true)
  }

  /// Changes a file's bytes in place.
  func edit(_ name: String, _ body: (inout [UInt8]) -> Void) throws {
    var bytes = [UInt8](try Data(contentsOf: url.appending(path: name)))
    body(&bytes)
    try Data(bytes).write(to: url.appending(path: name))
  }

  /// Runs a program to its end in the folder.
  /// - Returns: what it printed, without the line's end.
  @discardableResult
  func shell(_ command: String) throws -> String {
    let process = Process(), pipe = Pipe()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = ["-ec", command]
    process.currentDirectoryURL = url
    process.standardOutput = pipe
    try process.run()
    let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return String(decoding: output, as: UTF8.self).trimmingCharacters(in: .newlines)
  }
}

extension Run {
  /// One that is over.
  static func example(
    _ metrics: [String: Double] = [:], status: Run.Status = .completed, process: ProcessMark? = .current,
    options: [(String, JSONValue)] = []
  ) -> Run {
    var run = Run(
      started: 1_700_000_000, task: "classification", data: "penguins.csv", target: "species", parameters: 131,
      model: "penguins.safetensors", process: process, folder: "/work", command: ["downhill", "train", "a b"],
      revision: "0123", machine: ["processors": 2], configuration: .object(.init([("seed", 7)] + options)))
    run.status = status
    run.metrics = metrics
    return run
  }
}
