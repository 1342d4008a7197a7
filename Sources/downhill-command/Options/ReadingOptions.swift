public import ArgumentParser
public import Downhill

/// How a table's bytes are read.
struct ReadingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "utf-8 or latin-1; by default UTF-8, or, with a warning, Latin-1 where the file isn't UTF-8.",
      valueName: "encoding"))
  var encoding: TextEncoding?

  @Flag(
    help: """
      Pass over rows with a wrong number of cells or a broken quote, and images that can't be decoded, and count them. A \
      prediction for such a row or image is a line of empty cells.
      """)
  var skipBadRows = false

  var format: CSVFormat { CSVFormat(encoding: encoding, skipsBadRows: skipBadRows) }
}

extension TextEncoding: ExpressibleByArgument {}

/// What reading a table came upon, on standard error.
enum ReadingNotes {
  static func print(_ table: Table) { print(table.notes, table.skipped, source: table.source) }

  static func print(_ notes: [String], _ skipped: SkippedRows, source: String) {
    for note in notes { Terminal.complain("downhill: warning: \(note)") }
    let report = skipped.report
    if let first = report.first { Terminal.complain("downhill: warning: \(source): \(first)") }
    for line in report.dropFirst() { Terminal.complain(line) }
  }
}
