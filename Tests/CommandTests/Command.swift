import Downhill
import Foundation
import Testing

/// The built command, run as a shell runs it.
enum Command {
  struct Outcome: Sendable {
    let code: Int32
    let out: String
    let complaint: String

    /// The one JSON object that standard output holds.
    func json() throws -> [String: Any] {
      #expect(out.hasSuffix("}\n") && out.split(separator: "\n").count == 1, "\(out)")
      return try #require(try JSONSerialization.jsonObject(with: Data(out.utf8)) as? [String: Any])
    }
  }

  struct NotBuilt: Error {}

  /// The built file, next to the test bundle.
  static let path: String? = {
    var folder = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
    let bundle = Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") }?.bundleURL.deletingLastPathComponent()
    for start in [bundle, folder].compactMap({ $0 }) {
      folder = start
      for _ in 0..<5 {
        let file = folder.appending(path: "downhill").path()
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: file, isDirectory: &isFolder), !isFolder.boolValue { return file }
        folder.deleteLastPathComponent()
      }
    }
    return nil
  }()

  /// - Parameter largestFile: in blocks of 512 bytes, as a shell's `ulimit -f` has it: what a file gets beyond them fails to
  ///   be written.
  static func process(
    _ arguments: [String], in folder: Folder, environment: [String: String] = [:], largestFile: Int? = nil
  ) throws -> Process {
    guard let path else { throw NotBuilt() }
    let process = Process()
    if let largestFile {
      process.executableURL = URL(filePath: "/bin/sh")
      process.arguments = ["-c", "ulimit -f \(largestFile) && exec \"$0\" \"$@\"", path] + arguments
    } else {
      process.executableURL = URL(filePath: path)
      process.arguments = arguments
    }
    process.currentDirectoryURL = folder.url
    process.environment = ProcessInfo.processInfo.environment.merging(["SWIFT_BACKTRACE": "enable=no"]) { $1 }
      .merging(environment) { $1 }
    return process
  }

  /// Runs it to its end; its output goes through files, which never fill up.
  /// - Parameter whileRunning: is called once it has started.
  @discardableResult
  static func run(
    _ arguments: [String], in folder: Folder, input: String? = nil, environment: [String: String] = [:],
    largestFile: Int? = nil, whileRunning: (Process) throws -> Void = { _ in }
  ) throws -> Outcome {
    let process = try process(arguments, in: folder, environment: environment, largestFile: largestFile)
    let name = UUID().uuidString
    let (out, complaint) = ("out-\(name)", "complaint-\(name)")
    folder[out] = ""
    folder[complaint] = ""
    process.standardOutput = try FileHandle(forWritingTo: folder.file(out))
    process.standardError = try FileHandle(forWritingTo: folder.file(complaint))
    if let input {
      folder["in-\(name)"] = input
      process.standardInput = try FileHandle(forReadingFrom: folder.file("in-\(name)"))
    } else {
      process.standardInput = FileHandle.nullDevice
    }
    let ended = DispatchSemaphore(value: 0)
    process.terminationHandler = { _ in ended.signal() }
    try process.run()
    try whileRunning(process)
    if ended.wait(timeout: .now() + 60) == .timedOut {
      Issue.record("downhill \(arguments.joined(separator: " ")) did not end")
      process.terminate()
      ended.wait()
    }
    // A death by signal is a negative code.
    let code = process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus
    return Outcome(code: code, out: folder[out] ?? "", complaint: folder[complaint] ?? "")
  }

  /// Runs it and holds its complaint to the house rules: one paragraph, no trace.
  static func fail(_ arguments: [String], in folder: Folder, input: String? = nil) throws -> (Int32, String) {
    let outcome = try run(arguments, in: folder, input: input)
    #expect(outcome.complaint.hasPrefix("downhill: ") && outcome.complaint.hasSuffix("\n"), "\(outcome.complaint)")
    #expect(!outcome.complaint.dropLast().contains("\n\n") && !outcome.complaint.contains("Fatal error"))
    return (outcome.code, outcome.complaint)
  }
}

/// An empty folder of its own for a test, removed with all that is in it.
final class Folder {
  let url = FileManager.default.temporaryDirectory.appending(path: "downhill-\(UUID().uuidString)")

  init() throws { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) }
  deinit { try? FileManager.default.removeItem(at: url) }

  func file(_ name: String) -> URL { url.appending(path: name) }

  /// A file's text.
  subscript(name: String) -> String? {
    get { data(name).map { String(decoding: $0, as: UTF8.self) } }
    set { try? Data((newValue ?? "").utf8).write(to: file(name)) }
  }

  func data(_ name: String) -> Data? { try? Data(contentsOf: file(name)) }

  /// Writes a file, and makes the folders that it stands in.
  func write(_ bytes: [UInt8], to name: String) {
    try? FileManager.default.createDirectory(
      at: file(name).deletingLastPathComponent(), withIntermediateDirectories: true)
    try? Data(bytes).write(to: file(name))
  }

  var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: url.path())) ?? []).sorted() }
}

/// The root of the package.
let package = URL(filePath: #filePath).appending(path: "../../..").standardized

extension Folder {
  static let penguins = (try? String(contentsOf: package.appending(path: "Data/penguins.csv"), encoding: .utf8)) ?? ""

  /// With the penguins in it, and a model of them that took moments.
  static func withPenguins(model: Bool = false) throws -> Folder {
    let folder = try Folder()
    folder["p.csv"] = penguins
    if model { folder.write(Array(try Self.model.get()), to: "m.safetensors") }
    return folder
  }

  private static let model = Result {
    let folder = try withPenguins()
    let outcome = try Command.run(quick("--model", "m.safetensors"), in: folder)
    return try #require(folder.data("m.safetensors"), "\(outcome.complaint)")
  }

  /// The bytes of a model but for its configuration, which has the names of the files that it was trained on.
  func model(_ name: String) throws -> [UInt8] {
    var model = try Model(reading: file(name).path())
    model.configuration = nil
    return try model.encoded()
  }

  /// `train` in a few epochs: one network, which is validated on a part of the rows.
  static func quick(_ more: String..., data: String = "p.csv", target: String = "species") -> [String] {
    ["train", data, "--target", target, "--recipe", "default@1", "--layers", "8", "--epochs", "3", "--json"] + more
  }
}
