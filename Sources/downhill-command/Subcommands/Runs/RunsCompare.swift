import ArgumentParser
import Downhill
import DownhillRuns

struct RunsCompare: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare", abstract: "Show in what runs differ: their results, and what they were asked.")

  @Argument(help: ArgumentHelp("The numbers of two runs or more.", valueName: "run"))
  var ids: [Int]

  @OptionGroup var place: RunStoreOptions

  @Flag(help: "Print one JSON object.")
  var json = false

  func validate() throws {
    if Set(ids).count < 2 { throw ValidationError("give the numbers of two different runs, or more") }
  }

  func run() throws {
    let store = try place.store()
    let comparison = RunComparison(try ids.map { try store.run($0) })
    if json {
      printJSON(comparison.json)
    } else {
      Terminal.print(comparison.text)
    }
  }
}
