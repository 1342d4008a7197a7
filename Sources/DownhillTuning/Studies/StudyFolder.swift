public import DownhillFiles

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// A study on disk, so that it goes on after whatever ended it: a folder with a file that says what is studied and a journal of
/// what is finished, a line each.
public final class StudyFolder: Sendable {
  public let path: String
  /// What is studied, for people and to tell one study from another.
  public let header: JSONObject
  private let journal: LineJournal
  /// Those of earlier sessions.
  public let trials: [Trial]
  /// Scores of the confirmation.
  let confirmed: [ConfirmedFold]

  private static let headerName = "study.json"
  private static let journalName = "trials.jsonl"
  private static let longestHeader = 1 << 24

  /// Whether there is a study in a folder.
  public static func exists(in path: String) -> Bool {
    (try? FileContents.start(of: Folder(path).file(headerName), count: 1)) != nil
  }

  /// Takes a study out of a folder.
  public static func remove(in path: String) {
    Folder(path).remove(journalName)
    Folder(path).remove(headerName)
  }

  /// Begins a study in a folder, which is made where there is none, or goes on with the one that is there.
  /// - Parameter header: what is studied.
  /// - Throws: `FileError`, also where the study that is there is of something else.
  public init(_ path: String, header: JSONObject) throws(FileError) {
    (self.path, self.header) = (path, header)
    let folder = Folder(path)
    let file = folder.file(Self.headerName)
    if Self.exists(in: path) {
      try Self.compare(header, with: file)
    } else {
      try folder.create()
      // A journal without a header is left of a study that was being taken away.
      folder.remove(Self.journalName)
      try AtomicFile.write(Array((JSONValue.object(header).text(indentation: 2) + "\n").utf8), to: file)
    }
    journal = try LineJournal(folder.file(Self.journalName))
    var trials: [Trial] = [], confirmed: [ConfirmedFold] = []
    for (index, line) in journal.lines.enumerated() {
      guard let entry = try? JSONDecoder().decode(Entry.self, from: Data(line.utf8)),
        (entry.trial == nil) != (entry.confirmed == nil)
      else {
        throw FileError(
          .malformed, path: journal.path, problem: "line \(index + 1) is none that a study writes",
          advice: "Take the line out, and what it says is done again.")
      }
      if let trial = entry.trial { trials.append(trial) }
      if let fold = entry.confirmed { confirmed.append(fold) }
    }
    (self.trials, self.confirmed) = (trials.sorted { $0.number < $1.number }, confirmed)
  }

  private struct Entry: Codable {
    var trial: Trial?
    var confirmed: ConfirmedFold?
  }

  private static func compare(_ header: JSONObject, with file: String) throws(FileError) {
    let bytes = try FileContents.read(file, limit: longestHeader)
    guard let found = try? JSONValue(parsing: bytes).object else {
      throw FileError(
        .malformed, path: file, problem: "it says of no study what it is of", advice: "Begin a study in another folder."
      )
    }
    for name in header.members.map(\.name) + found.members.map(\.name) {
      guard let theirs = found[name]?.text(), let ours = header[name]?.text() else {
        if found[name] == header[name] { continue }
        throw other(file, "one says what “\(name)” is, the other doesn't")
      }
      if theirs != ours { throw other(file, "“\(name)” was \(shown(theirs)), and is \(shown(ours))") }
    }
  }

  private static func other(_ file: String, _ difference: String) -> FileError {
    FileError(
      .malformed, path: file, problem: "the study is another one: \(difference)",
      advice: "Repeat its command as it was, or begin a study in another folder.")
  }

  private static func shown(_ text: String) -> String { text.count > 120 ? "\(text.prefix(120))…" : text }

  func append(_ trial: Trial) throws(FileError) { try append(Entry(trial: trial)) }
  func append(_ fold: ConfirmedFold) throws(FileError) { try append(Entry(confirmed: fold)) }

  private func append(_ entry: Entry) throws(FileError) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    guard let data = try? encoder.encode(entry) else { preconditionFailure("trials hold finite numbers") }
    try journal.append(String(decoding: data, as: UTF8.self))
  }
}

extension JSONValue {
  /// The coded form of a value.
  init(coded value: some Encodable) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    guard let data = try? encoder.encode(value), let parsed = try? JSONValue(parsing: Array(data)) else {
      preconditionFailure("\(value) has no coded form")
    }
    self = parsed
  }
}
