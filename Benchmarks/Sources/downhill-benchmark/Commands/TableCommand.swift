import ArgumentParser
import Downhill

struct TableCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "csv",
    abstract: "Seconds to read a CSV file into typed columns, and the most memory that it took.",
    discussion: "From the path to columns, with the search for delimiter, header and kinds. Prints one JSON object.")

  @Argument(help: "The file.")
  var file: String

  func run() throws {
    var table: Table?
    let time = try seconds { table = try Table(contentsOf: .file(file)) }
    print(
      try json(
        TableResult(
          seconds: time, rows: table?.rowCount ?? 0, columns: table?.schema.columns.count ?? 0, peak: peakMemory())))
  }
}

private struct TableResult: Encodable {
  let seconds: Double
  let rows: Int
  let columns: Int
  /// Bytes
  let peak: Double?
}
