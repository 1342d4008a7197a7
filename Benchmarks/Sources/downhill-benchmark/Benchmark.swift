import ArgumentParser

@main
struct Benchmark: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "downhill-benchmark",
    abstract: "Times Downhill: steps, products, whole trainings, predictions, tables.",
    discussion: "Build it with -c release, and leave the machine alone while it runs.",
    subcommands: [
      StepCommand.self, ProductCommand.self, TableCommand.self, EncodeCommand.self, ServeCommand.self,
      CountCommand.self,
      GateCommand.self,
    ])
}
