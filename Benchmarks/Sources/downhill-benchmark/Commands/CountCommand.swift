import ArgumentParser
import Downhill

struct CountCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "count",
    abstract: "Does the gate's work so many times, to be counted from outside; prints the instruction set in use.")

  @Argument(help: "What to do.")
  var work: GateCase

  @Option(help: "How many times.")
  var count: Int

  func run() throws {
    try work.makeWork().run(count: count)
    print(InstructionSet.current.rawValue)
  }
}
