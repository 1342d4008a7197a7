import ArgumentParser
import Downhill
import DownhillRuns

struct RunsShow: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show everything that is recorded of a run.")

  @Argument(help: ArgumentHelp("The run's number.", valueName: "run"))
  var id: Int

  @OptionGroup var place: RunStoreOptions

  @Flag(help: "Print the configuration alone, as --config of train takes it.")
  var config = false

  @Flag(help: "Print one JSON object, with all events.")
  var json = false

  func run() throws {
    let store = try place.store()
    let run = try store.run(id)
    if config { return Terminal.print(try String(Configuration.yaml(run.configuration).dropLast())) }
    let events = try store.events(of: id)
    if json { return printJSON(run.json(events)) }
    Terminal.print(RunText(run, events).text)
  }
}
