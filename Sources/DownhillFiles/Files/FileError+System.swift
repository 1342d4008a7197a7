#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

extension FileError {
  /// An input that the system does not open.
  static func cannotOpen(_ path: String, _ error: SystemError) -> FileError {
    FileError(.cannotOpen, path: path, problem: error.text, advice: advice(onOpening: error.number))
  }

  /// An output that the system does not make.
  static func cannotCreate(_ path: String, _ error: SystemError) -> FileError {
    FileError(.cannotCreate, path: path, problem: error.text, advice: advice(onCreating: error.number))
  }

  /// A read that failed.
  static func cannotRead(_ path: String, _ error: SystemError) -> FileError {
    FileError(
      .inputOutput, path: path, problem: "reading failed: \(error.text)",
      advice: "Check the disk or the connection that it is on.")
  }

  /// A write that failed after the file was made.
  static func cannotWrite(_ path: String, _ error: SystemError, keepsOld: Bool) -> FileError {
    var advice =
      switch error.number {
      case ENOSPC, EDQUOT: "Free some space, or write to another place."
      case EFBIG: "The file is larger than this file system or the limit of this shell (ulimit -f) allows."
      case EPIPE: "The program that reads the output has ended."
      default: "Check the disk or the connection that it is on."
      }
    if keepsOld { advice += " Nothing was changed there." }
    return FileError(.inputOutput, path: path, problem: "writing failed: \(error.text)", advice: advice)
  }

  private static func advice(onOpening number: Int32) -> String {
    switch number {
    case ENOENT: "Check the name and the folder."
    case EACCES, EPERM: "Ask for the right to read it: ls -l shows who has it."
    case ENOTDIR: "A part of the path is a file where a folder should be."
    case ELOOP: "Its symbolic links lead in a circle."
    case ENAMETOOLONG: "Give a shorter name."
    case EMFILE, ENFILE: "Close some files, or raise the limit (ulimit -n)."
    default: "Check the path."
    }
  }

  private static func advice(onCreating number: Int32) -> String {
    switch number {
    case ENOENT: "Make its folder first."
    case EACCES, EPERM: "Choose a folder that you may write to, and a file that is not write-protected."
    case EROFS: "The file system is read-only: choose another folder."
    case ENOTDIR: "A part of the path is a file where a folder should be."
    case EISDIR: "Give the name of a file in it."
    case ENOSPC, EDQUOT: "Free some space, or write to another place."
    default: advice(onOpening: number)
    }
  }
}
