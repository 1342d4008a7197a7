import ArgumentParser
import Downhill

/// What the columns of a table are, where the command can't find out or gets it wrong.
struct SchemaOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Columns that hold numbers, with commas.", valueName: "columns"))
  var numeric: [String] = []

  @Option(help: ArgumentHelp("Columns that hold categories, such as numeric codes.", valueName: "columns"))
  var categorical: [String] = []

  @Option(help: ArgumentHelp("Columns to leave out.", valueName: "columns"))
  var ignore: [String] = []

  var overrides: SchemaOverrides {
    func names(_ lists: [String]) -> [String] { lists.flatMap { $0.split(separator: ",").map(String.init) } }
    return SchemaOverrides(numeric: names(numeric), categorical: names(categorical), ignore: names(ignore))
  }
}
