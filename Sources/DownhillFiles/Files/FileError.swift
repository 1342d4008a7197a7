/// A file that can't be read or written, or does not hold what it should: which one, what is wrong, and what to do.
public struct FileError: Error, Sendable, Equatable {
  /// What kind of failure; the raw value is the exit code of sysexits.h.
  public enum Kind: Int32, Sendable, CaseIterable {
    /// The content is not what it should be (EX_DATAERR).
    case malformed = 65
    /// An input can't be opened (EX_NOINPUT).
    case cannotOpen = 66
    /// An output can't be created (EX_CANTCREAT).
    case cannotCreate = 73
    /// Reading or writing failed after it began (EX_IOERR).
    case inputOutput = 74
  }

  public let kind: Kind
  public let path: String
  /// Where in the file, in bytes from its start.
  public let offset: Int?
  /// What was found, and what was expected.
  public let problem: String
  /// What to do about it.
  public let advice: String

  public init(_ kind: Kind, path: String, offset: Int? = nil, problem: String, advice: String) {
    self.kind = kind
    self.path = path
    self.offset = offset
    self.problem = problem
    self.advice = advice
  }

  /// The exit code of sysexits.h: 65, 66, 73 or 74.
  public var exitCode: Int32 { kind.rawValue }
}

extension FileError: CustomStringConvertible {
  public var description: String {
    let place = offset.map { ", byte \($0)" } ?? ""
    let sentence =
      switch kind {
      case .malformed: "\(path)\(place): \(problem)"
      case .cannotOpen: "can't open \(path): \(problem)"
      case .cannotCreate: "can't write \(path): \(problem)"
      case .inputOutput: "\(path)\(place): \(problem)"
      }
    return advice.isEmpty ? "\(sentence)." : "\(sentence). \(advice)"
  }
}
