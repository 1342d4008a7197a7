import ArgumentParser

@main
struct Benchmark: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "downhill-benchmark",
    abstract: "Times Downhill's training step and its matrix product.",
    discussion: "Build it with -c release, and leave the machine alone while it runs.",
    subcommands: [Scratch.self, StepCommand.self, ProductCommand.self])
}
