import DownhillTables
import Foundation
import Testing

@Suite("Columns of dates") struct DateTests {
  /// Seconds of one date by itself, in a column that says that it holds dates.
  private func seconds(_ text: String) throws -> Double? {
    let table = try table(
      "when;n\n\(text);1\n2000-01-01;2\n", format: CSVFormat(delimiter: .semicolon, hasHeader: true),
      overrides: SchemaOverrides(dates: ["when"]))
    guard case .numbers(let moments)? = table["when"]?.values else { return nil }
    return moments[0]
  }

  @Test(
    "moments are those of Foundation's calendar",
    arguments: [
      ("1970-01-01", "1970-01-01T00:00:00Z"), ("2026-11-24", "2026-11-24T00:00:00Z"),
      ("2026-11-24T10:00", "2026-11-24T10:00:00Z"), ("2026-11-24 10:00:30", "2026-11-24T10:00:30Z"),
      ("2026-11-24T10:00:30Z", "2026-11-24T10:00:30Z"), ("2026-11-24T10:00:30+01:00", "2026-11-24T10:00:30+01:00"),
      ("2026-11-24T23:30:00-0330", "2026-11-24T23:30:00-03:30"), ("2026-11-24T10:00+05", "2026-11-24T10:00:00+05:00"),
      ("2024-02-29", "2024-02-29T00:00:00Z"), ("2026/11/24", "2026-11-24T00:00:00Z"),
      ("2026/1/4 7:05", "2026-01-04T07:05:00Z"), ("1969-12-31T23:59:59Z", "1969-12-31T23:59:59Z"),
      ("1899-03-01", "1899-03-01T00:00:00Z"), ("2400-02-29", "2400-02-29T00:00:00Z"),
    ])
  func moments(text: String, iso: String) throws {
    let expected = try #require(ISO8601DateFormatter().date(from: iso)).timeIntervalSince1970
    #expect(try seconds(text) == expected)
  }

  @Test("fractions of a second count")
  func fractions() throws {
    #expect(try seconds("1970-01-01T00:00:01.25Z") == 1.25 && seconds("1970-01-01T00:00:00,5") == 0.5)
  }

  @Test(
    "what is no date is none",
    arguments: [
      "2026-13-01", "2026-00-10", "2026-02-29", "1900-02-29", "2026-04-31", "2026-1-1", "26-01-01", "2026-11-24T",
      "2026-11-24T24:00", "2026-11-24T10", "2026-11-24T10:60", "2026-11-24T10:00:61", "2026-11-24T10:00:00.",
      "2026-11-24T10:00X", "2026-11-24T10:00+", "2026-11-24T10:00+1", "2026-11-24 ", "2026-11-24x", "0000-01-01",
      "2026-11/24", "24.11.2026", "20261124x", "soon",
    ])
  func none(text: String) throws {
    // A blank at the end doesn't belong to the field.
    if text.hasSuffix(" ") { return #expect(try seconds(text) == seconds("2026-11-24")) }
    #expect(try seconds(text) == .infinity)
  }

  @Test("every day from 1600 on has its number, and its text is read back as it")
  func everyDay() throws {
    let days = stride(from: -135_140.0, to: 160_000, by: 37).map { $0 * 86_400 + 3600 * 5 }
    let formatter = ISO8601DateFormatter()
    let written = days.map { formatter.string(from: Date(timeIntervalSince1970: $0)) }
    let table = try table("when,n\n" + written.enumerated().map { "\($1),\($0)\n" }.joined())
    #expect(table["when"]?.kind == .date && table["when"]?.values == .numbers(days))
    #expect((0..<days.count).allSatisfy { table["when"]?.text($0) == String(written[$0].dropLast()) })
  }

  @Test("dates are recognised when every value is one, and never as keys of the rows")
  func inference() throws {
    let dates = (1...28).map { "2026-02-\($0 < 10 ? "0" : "")\($0)" }
    let column = try table("day,n\n" + dates.map { "\($0),1.5\n,2.5\n" }.joined())["day"]
    #expect(column?.kind == .date)
    let schema = try table("day,n\n" + dates.map { "\($0),1\n" }.joined() + "soon,2\n").schema["day"]
    #expect(schema?.kind == .identifier)
    #expect(
      schema?.reason.contains("28 of 29 distinct texts are dates: --dates would take the others for missing") == true)
    #expect(try table("day,n\n2026-01-02,1\n2026-01-02,2\n").schema["day"]?.kind == .ignored)
    #expect(try table("day,n\n2026-01-02,1\n2026-01-03,2\n", target: "day")["day"]?.kind == .categorical)
  }

  @Test("with points the day comes first, if the column shows that it isn't the month")
  func order() throws {
    let clear = try table("day,n\n24.11.2026,1\n1.2.2026,2\n")
    #expect(clear.schema["day"]?.dateOrder == .dayFirst)
    #expect(texts(clear["day"]) == ["2026-11-24", "2026-02-01"])
    let unclear = "day,n\n4.11.2026,1\n1.2.2026,2\n"
    let left = try table(unclear)
    #expect(left["day"]?.kind == .categorical)
    #expect(left.schema["day"]?.reason.contains("day and month can't be told apart") == true)
    #expect(
      texts(try table(unclear, overrides: SchemaOverrides(dates: ["day"]))["day"]) == ["2026-11-04", "2026-02-01"])
  }

  @Test("a schema reads them again, whole and in chunks; what is no date then can't be read, and is no error")
  func schema() throws {
    let schema = try table("day,n\n24.11.2026,1\n1.2.2026 06:30,2\n").schema
    let text = "n,day\n1,2.3.2027\n2,\n3,later\n"
    let whole = try Table(contentsOf: .text(text), schema: schema)
    let chunk = try TableStream(.text(text), schema: schema).next(rows: 9)
    #expect(whole["day"] == chunk?["day"])
    guard case .numbers(let moments)? = whole["day"]?.values else { return #expect(Bool(false)) }
    #expect(moments[0] == 1_803_945_600 && moments[1].isNaN && moments[2] == .infinity)
  }

  @Test("a column that is asked to hold dates and holds none is an error")
  func notOne() {
    let error = failure { () throws(TableError) in
      try table("a,n\nx,1\ny,2\n", overrides: SchemaOverrides(dates: ["a"]))
    }
    #expect(error?.column == "a" && error?.message.contains("no value of the column is a date") == true)
    let target = failure { () throws(TableError) in
      try table("a,n\n2026-01-01,1\n", overrides: SchemaOverrides(dates: ["a"]), target: "a")
    }
    #expect(target?.kind == .badRequest)
  }
}
