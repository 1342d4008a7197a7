import ArgumentParser
import Downhill
import DownhillRuns

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Why the command ends without having done what it was asked: one paragraph for people, and an exit code for scripts.
struct Failure: Error {
  let code: Int32
  let message: String

  init(code: Int32, _ message: String) {
    self.code = code
    self.message = message
  }

  static let usage: Int32 = 64
  static let data: Int32 = 65
  static let noInput: Int32 = 66
  static let unavailable: Int32 = 69
  static let internalFault: Int32 = 70
  static let cannotCreate: Int32 = 73
  static let inputOutput: Int32 = 74
  static let interrupted: Int32 = 130

  /// Any error that reaches the top. Those of the argument parser keep its own wording, help and version among them.
  init(_ error: any Error) {
    switch error {
    case let failure as Failure: self = failure
    case let error as TableError: self.init(code: Self.code(of: error.kind), "\(error)")
    case let error as FileError: self.init(code: error.exitCode, "\(error)")
    case let error as RunError: self.init(code: Self.code(of: error.kind), error.message)
    case let error as LearningError:
      self.init(code: error.kind == .request ? Self.usage : Self.data, error.description)
    case let error as DivergedLearning: self.init(code: Self.data, error.description)
    case let error as TrainingError: self.init(code: Self.usage, error.description)
    case let error as NetworkError:
      // One paragraph: the network that the error would print was printed before.
      self.init(code: Self.usage, (error.layer.map { "layer \($0): " } ?? "") + error.reason)
    case is CleanExit, is ValidationError: self.init(parser: error)
    default:
      if DownhillCommand.exitCode(for: error) == .validationFailure || DownhillCommand.exitCode(for: error) == .success
      {
        self.init(parser: error)
      } else {
        self.init(code: Self.internalFault, "\(error)")
      }
    }
  }

  /// Help and version are printed as they are, and complaints as one paragraph like all others.
  private init(parser error: any Error) {
    code = DownhillCommand.exitCode(for: error).rawValue
    if code == 0 {
      message = DownhillCommand.fullMessage(for: error)
    } else {
      let lines = DownhillCommand.message(for: error).split(separator: "\n").map { line in
        String(line.drop { $0 == " " })
      }
      let items = lines.filter { $0.hasPrefix("- ") }.map { String($0.dropFirst(2)) }.joined(separator: ", ")
      let text = (lines.filter { !$0.hasPrefix("- ") } + (items.isEmpty ? [] : [items])).joined(separator: " ")
      message = text + (".!?".contains(text.last ?? " ") ? "" : ".") + " See '\(Self.command) --help'."
    }
  }

  /// `downhill train`, or what else was called.
  private static var command: String {
    let names = DownhillCommand.configuration.subcommands.map { $0.configuration.commandName ?? "\($0)".lowercased() }
    let called = CommandLine.arguments.dropFirst().first { names.contains($0) }
    return (["downhill"] + (called.map { [$0] } ?? [])).joined(separator: " ")
  }

  private static func code(of kind: TableError.Kind) -> Int32 {
    switch kind {
    case .cannotOpen: noInput
    case .cannotRead: inputOutput
    case .malformed, .encoding, .mismatch: data
    case .badRequest: usage
    case .missingLibrary: unavailable
    }
  }

  private static func code(of kind: RunError.Kind) -> Int32 {
    switch kind {
    case .missing: noInput
    case .malformed, .newer: data
    case .busy, .inaccessible: inputOutput
    case .unknown, .badRequest: usage
    }
  }

  /// Prints the message and ends the process.
  func exit() -> Never {
    if code == 0 { Terminal.print(message) } else { Terminal.complain("downhill: \(message)") }
    #if canImport(Glibc)
      Glibc.exit(code)
    #elseif canImport(Musl)
      Musl.exit(code)
    #else
      Darwin.exit(code)
    #endif
  }
}
