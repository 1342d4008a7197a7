#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Where the process begins.
@main
enum Main {
  static func main() {
    Interruption.unblock()
    Interruption.leaveNothingBehind()
    do {
      try ConfiguredArguments.run(Array(CommandLine.arguments.dropFirst()))
      if let failure = Terminal.failure {
        throw Failure(
          code: Failure.inputOutput, "standard output can't be written: \(String(cString: strerror(failure)))")
      }
    } catch {
      Failure(error).exit()
    }
  }
}
