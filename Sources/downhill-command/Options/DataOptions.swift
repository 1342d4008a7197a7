import ArgumentParser
import Downhill

/// What the columns of a table are, where the command can't find out or gets it wrong.
struct SchemaOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("Columns that hold numbers, with commas; a name that holds one in quotes.", valueName: "columns")
  )
  var numeric: [String] = []

  @Option(help: ArgumentHelp("Columns that hold categories, such as numeric codes.", valueName: "columns"))
  var categorical: [String] = []

  @Option(
    help: ArgumentHelp("Columns that hold texts of several words, which are learned from.", valueName: "columns"))
  var texts: [String] = []

  @Option(
    help: ArgumentHelp(
      "Columns that hold dates, where it can't be told: 11.12.2026 is one of December.", valueName: "columns"))
  var dates: [String] = []

  @Option(help: ArgumentHelp("Columns to leave out.", valueName: "columns"))
  var ignore: [String] = []

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "A text that says that a value is missing, such as -999; may be repeated. NA, N/A, null, NaN, ? and nothing always do.",
      valueName: "text"))
  var missing: [String] = []

  var overrides: SchemaOverrides {
    SchemaOverrides(
      numeric: numeric.flatMap(Self.names), categorical: categorical.flatMap(Self.names),
      texts: texts.flatMap(Self.names), dates: dates.flatMap(Self.names), ignore: ignore.flatMap(Self.names))
  }

  /// `A,"b, c"` as two names: commas part them but for those in double quotes; a quote inside is doubled, as in CSV.
  static func names(_ list: String) -> [String] {
    var names: [String] = []
    var name = ""
    var isQuoted = false
    for character in list {
      if character == "\"" {
        // The second of two quotes inside quotes closes and opens again.
        if !isQuoted && !name.isEmpty { name.append(character) }
        isQuoted.toggle()
      } else if character == "," && !isQuoted {
        names.append(name)
        name = ""
      } else {
        name.append(character)
      }
    }
    return (names + [name]).filter { !$0.isEmpty }
  }

  /// A name as `names` takes it for one.
  static func quoted(_ name: String) -> String {
    guard name.contains(where: { $0 == "," || $0 == "\"" }) else { return name }
    let doubled = name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
    return "\"\(doubled)\""
  }
}
