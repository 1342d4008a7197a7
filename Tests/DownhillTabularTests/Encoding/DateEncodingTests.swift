import DownhillCompute
import DownhillTables
import DownhillTabular
import Foundation
import Testing

@Suite("Dates as columns of a matrix") struct DateEncodingTests {
  private func encoder(
    _ text: String, scaling: NumberScaling.Kind = .standard
  ) throws -> (encoder: TableEncoder, table: Table) {
    let table = try Table(contentsOf: .text(text), target: "y")
    return (TableEncoder(fitting: table, rows: table.rows, target: "y", scaling: scaling), table)
  }

  @Test("trend and cycles are those of Foundation's calendar and sine, over three years of hours")
  func values() throws {
    let formatter = ISO8601DateFormatter()
    let moments = (0..<3000).map { 1_690_000_000.0 + 31_234 * Double($0) }
    let text =
      "when,y\n"
      + moments.enumerated().map {
        "\(formatter.string(from: Date(timeIntervalSince1970: $1))),\($0 % 2)\n"
      }.joined()
    let (encoder, table) = try encoder(text)
    #expect(
      encoder.names == [
        "when", "sine of when's time of year", "cosine of when's time of year", "sine of when's time of week",
        "cosine of when's time of week", "sine of when's time of day", "cosine of when's time of day",
      ])
    let matrix = try encoder.encode(table).matrix
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = try #require(TimeZone(identifier: "UTC"))
    let mean = moments.reduce(0, +) / 3000
    let deviation = (moments.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 3000).squareRoot()
    for (row, moment) in moments.enumerated() {
      let date = Date(timeIntervalSince1970: moment)
      let year = try #require(calendar.dateInterval(of: .year, for: date))
      let midnight = calendar.startOfDay(for: date)
      // Sunday is 1.
      let daysFromMonday = Double((calendar.component(.weekday, from: date) + 5) % 7)
      let sinceMidnight = date.timeIntervalSince(midnight) / 86_400
      let parts = [
        date.timeIntervalSince(year.start) / year.duration, (daysFromMonday + sinceMidnight) / 7, sinceMidnight,
      ]
      let expected = [(moment - mean) / deviation] + parts.flatMap { [sin(2 * .pi * $0), cos(2 * .pi * $0)] }
      for (column, value) in expected.enumerated() {
        #expect(abs(Double(matrix[row, column]) - value) < 2e-6, "row \(row), \(encoder.names[column])")
      }
    }
  }

  @Test("a cycle that a column doesn't vary in is left out")
  func cycles() throws {
    func names(_ dates: [String]) throws -> Int {
      try encoder("when,y\n" + dates.enumerated().map { "\($1),\($0 % 2)\n" }.joined()).encoder.width
    }
    // Days of one week: the trend and the week. One day's hours: the trend and the day. New Years: the trend and the week.
    #expect(try names((1...7).map { "2026-06-0\($0)" }) == 3)
    #expect(try names((10...23).map { "2026-06-01T\($0):00" }) == 3)
    #expect(try names((2001...2009).map { "\($0)-01-01" }) == 3)
    #expect(try names(["2026-06-01", "2026-06-02"]) == 1)
    #expect(try names((1...12).map { "2026-\($0 < 10 ? "0" : "")\($0)-15" }) == 5)
  }

  @Test("missing moments are marked and stand in the middle; what can't be read is reported besides")
  func missing() throws {
    let (encoder, table) = try encoder("when,y\n2026-06-01,0\n2026-06-05,1\n,0\n2026-06-09,1\n")
    #expect(encoder.names.last == "when is missing" && encoder.width == 4)
    let matrix = try encoder.encode(table).matrix
    #expect((0..<4).map { matrix[2, $0] } == [0, 0, 0, 1] && matrix[1, 3] == 0 && matrix[1, 0] == 0)
    let other = try Table(contentsOf: .text("when\n2026-06-05\nlater\n"), schema: table.schema, optional: ["y"])
    let (row, report) = try encoder.encode(other)
    #expect((0..<4).map { row[1, $0] } == [0, 0, 0, 1])
    #expect(report.unseen.map(\.column) == ["when"] && report.unseen.map(\.rows) == [1])
  }

  @Test("a model of dates learns a weekly pattern, and its file reads them again")
  func learns() throws {
    let text =
      "day,y\n"
      + (0..<400).map { index in
        let day = ISO8601DateFormatter().string(
          from: Date(timeIntervalSince1970: 1_700_000_000 + 86_400 * Double(index)))
        return "\(day.prefix(10)),\((Int(1_700_000_000 / 86_400) + index + 3) % 7 >= 5 ? "free" : "work")\n"
      }.joined()
    var learner = Learner()
    learner.recipe.epochs = 30
    learner.holdout = 0.25
    let table = try Table(contentsOf: .text(text), target: "y")
    let learned = try learner.prepare(Examples(table, target: "y")).train()
    #expect(try #require(learned.model.record.metrics["accuracy"]) > 0.97)
    let again = try Model(decoding: try learned.model.encoded())
    #expect(again.encoder == learned.model.encoder && again.schema == learned.model.schema)
  }
}
