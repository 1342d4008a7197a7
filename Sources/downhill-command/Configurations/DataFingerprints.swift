import Downhill

/// What the files that a training reads held when it read them.
struct DataFingerprints {
  private let entries: [(path: String, fingerprint: FileFingerprint)]

  /// Warns where a file is not what it was when the configuration was made.
  /// - Throws: `Failure` where the file of a configuration is no longer there; `FileError`.
  init(of paths: [String]) throws {
    let known = Configuration.current?.fingerprints ?? [:]
    let origin = Configuration.current?.path ?? ""
    var entries: [(String, FileFingerprint)] = []
    for path in paths where path != "-" && !entries.contains(where: { $0.0 == path }) {
      let found: FileFingerprint?
      do throws(FileError) { found = try FileFingerprint(of: path) } catch {
        // What can't be read is told of by its reader, unless only the configuration knows of it.
        guard known[path] != nil else { continue }
        throw Failure(
          code: error.exitCode,
          "\(path), which \(origin) was trained on, can't be opened: \(error.problem). Its paths start in the folder "
            + "that the command is run in; another file can be named on the command line, and wins")
      }
      guard let found else { continue }
      entries.append((path, found))
      if let known = known[path], known != found {
        let difference =
          known.size == found.size
          ? "it holds other bytes" : "it had \(grouped(known.size)) bytes, and has \(grouped(found.size))"
        Terminal.complain(
          "downhill: warning: \(path) has changed since \(origin) was trained on it: \(difference). The result "
            + "will be another one")
      }
    }
    self.entries = entries
  }

  var json: JSONValue {
    .object(JSONObject(entries.map { ($0.path, .string($0.fingerprint.description)) }))
  }

  var isEmpty: Bool { entries.isEmpty }
}
