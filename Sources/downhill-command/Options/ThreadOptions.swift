import ArgumentParser

/// How many threads work. They change the speed, never the result.
struct ThreadOptions: ParsableArguments {
  @Option(
    name: .customLong("threads"), parsing: .unconditional,
    help: ArgumentHelp(
      "Threads; by default as many as there are processors. They never change the result.", valueName: "count"))
  var count: Int?

  func validate() throws {
    if let count, !(1...1024).contains(count) { throw ValidationError("--threads is from 1 to 1024, not \(count)") }
  }
}
