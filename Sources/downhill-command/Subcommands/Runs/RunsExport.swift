import ArgumentParser
import Downhill
import DownhillRuns

struct RunsExport: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Print runs as a CSV table, one a row, or as JSON lines with all that is recorded.")

  @OptionGroup var place: RunStoreOptions
  @OptionGroup var which: RunQueryOptions

  enum Form: String, EnumerableFlag { case csv, json }

  @Flag(help: "A CSV table (the default): metrics under their names, options under “config.” and theirs.")
  var form = Form.csv

  func run() throws {
    let store = try place.store()
    let runs = try store.runs(try which.query(), whole: true)
    switch form {
    case .json: for run in runs { printJSON(run.json(try store.events(of: run.id))) }
    case .csv: Terminal.write(RunCSV(runs).text)
    }
  }
}
