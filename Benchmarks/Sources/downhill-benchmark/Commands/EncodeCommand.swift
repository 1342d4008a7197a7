import ArgumentParser
import Downhill

struct EncodeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "encode",
    abstract: "GB/s of encoding a table of numbers, beside a copy of the same bytes.",
    discussion: """
      Counted are the bytes of the matrix, which is new each time. The copy goes into new memory too, and, as the second \
      number has it, into memory that is there already. All run in turns; the fastest of each counts. `fit` is in seconds.
      """)

  @Option(help: "Rows of the table.")
  var rows = 500_000

  @Option(help: "Columns of the table.")
  var columns = 16

  @Option(help: "Turns to time.")
  var turns = 15

  @Flag(help: "Print a JSON object.")
  var json = false

  func validate() throws {
    guard rows > 0, columns > 0, turns > 0 else { throw ValidationError("rows, columns and turns are at least 1") }
  }

  func run() throws {
    let table = EncodeTrial.table(rows: rows, columns: columns)
    var results: [EncodeResult] = []
    for threads in [1, 2] {
      for scaling in NumberScaling.Kind.allCases {
        results.append(try EncodeTrial(table, scaling: scaling, threads: threads).time(turns: turns))
      }
    }
    let report = EncodeReport(instructionSet: InstructionSet.current.rawValue, results: results)
    if json { return print(try downhill_benchmark.json(report)) }
    print("\(rows) × \(columns), \(report.instructionSet)")
    print(downhill_benchmark.table([EncodeResult.heading] + results.map(\.cells)))
  }
}
