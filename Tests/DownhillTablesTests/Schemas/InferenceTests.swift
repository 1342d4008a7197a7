import DownhillTables
import Testing

@Suite("Schema inference") struct InferenceTests {
  /// A table of one column beside two that don't matter.
  private func schema(_ values: [String], name: String = "x", target: String? = nil) throws -> ColumnSchema? {
    let rows = values.enumerated().map { "\(Double($0 * $0) + 0.5),\($1),\(["p", "q", "r"][$0 % 3])" }
    let text = "first,\(name),last\n" + rows.joined(separator: "\n")
    return try table(text, format: CSVFormat(delimiter: .comma, hasHeader: true), target: target).schema[name]
  }

  private static let thirty = Array(0..<30)

  static let cases: [([String], String, ColumnKind, String)] = [
    (["1.5", "2", "3"], "x", .numeric, "all 3 values are numbers"),
    (["1.5", "", "3"], "x", .numeric, "2 numbers, 1 missing"),
    (
      thirty.map { "\($0 % 12)" }, "x", .numeric,
      "all 30 values are numbers, 12 distinct whole numbers, used as numbers: --categorical would make them categories"
    ),
    (thirty.map { "\($0 % 2)" }, "x", .numeric, "all 30 values are numbers, 2 distinct whole numbers"),
    (["red", "green", "red"], "x", .categorical, "2 distinct texts"),
    (["red", "green", "?"], "x", .categorical, "2 distinct texts, 1 missing"),
    (["yes", "no", "yes"], "x", .boolean, "\"no\" or \"yes\""),
    (["TRUE", "FALSE", "NA"], "x", .boolean, "\"FALSE\" or \"TRUE\", 1 missing"),
    (["t", "f", "t"], "x", .boolean, "\"f\" or \"t\""),
    (["N", "Y", "Y"], "x", .boolean, "\"N\" or \"Y\""),
    (["yes", "true", "yes"], "x", .categorical, "2 distinct texts"),
    (["no", "yes", "maybe"], "x", .categorical, "3 distinct texts"),
    (["7", "7", "7"], "x", .ignored, "every value is 7: constant, it tells nothing"),
    (["a", "a", "a"], "x", .ignored, "every value is \"a\": constant, it tells nothing"),
    (["a", "", "a"], "x", .categorical, "1 distinct text, 1 missing"),
    (["1", "", "1"], "x", .numeric, "2 numbers, 1 missing"),
    (["", "NA", "?"], "x", .ignored, "all 3 values are missing"),
    (thirty.map { "user\($0)" }, "x", .identifier, "every text differs: identifier"),
    (
      thirty.map { "user\($0)" } + (0..<20).map { "other\($0)" } + ["user1"], "x", .identifier,
      "50 of 51 texts differ: identifier"
    ),
    (thirty.map { "user\($0 % 20)" }, "x", .categorical, "20 distinct texts"),
    (["a", "b", "c"], "x", .categorical, "3 distinct texts"),
    (["a", "b", "c"], "uuid", .identifier, "every value differs and the name says key: identifier"),
    (["17", "5", "9"], "PassengerId", .identifier, "every value differs and the name says key: identifier"),
    (["17", "5", "9"], "customer_id", .identifier, "every value differs and the name says key: identifier"),
    (["17", "5", "9"], "paid", .numeric, "all 3 values are numbers"),
    (["17", "5", "17", "5", "5"], "id", .numeric, "all 5 values are numbers, 2 distinct whole numbers"),
    (["1.5", "2.5", "3.5"], "id", .numeric, "all 3 values are numbers"),
    (thirty.map { "\($0).25" }, "x", .numeric, "all 30 values are numbers"),
    (thirty.map { "\($0)" }, "x", .numeric, "all 30 values are numbers"),
    (
      ["1", "2", "3", "oops", "5"], "x", .categorical,
      "5 distinct texts; 4 of 5 values are numbers, but line 5 has \"oops\""
    ),
  ]

  @Test("a column's kind follows from its values, with a reason", arguments: cases)
  func kinds(values: [String], name: String, kind: ColumnKind, reason: String) throws {
    let found = try schema(values, name: name)
    #expect(found?.kind == kind)
    #expect(found?.reason == reason)
  }

  @Test("a first column that counts the rows is an identifier, unless little else is there to learn from")
  func rowCounter() throws {
    func kind(_ header: String, _ row: (Int) -> String, target: String?) throws -> ColumnKind? {
      try table(header + "\n" + Self.thirty.map(row).joined(separator: "\n"), target: target).schema.columns[0].kind
    }
    #expect(try kind("n,a,b,y", { "\($0 + 1),\($0 * 7 % 5).5,\($0 % 3),\($0 % 2)" }, target: "y") == .identifier)
    #expect(try kind(",a,b,y", { "\($0),\($0 * 7 % 5).5,\($0 % 3),\($0 % 2)" }, target: "y") == .identifier)
    #expect(try kind("x,y", { "\($0),\(2 * $0 + 1)" }, target: "y") == .numeric)
    #expect(try kind("year,a,b,y", { "\($0 + 1990),\($0 * 7 % 5).5,\($0 % 3),\($0 % 2)" }, target: "y") == .numeric)
  }

  @Test("the target is kept as it is, whatever it looks like")
  func target() throws {
    #expect(try schema(Self.thirty.map { "user\($0)" }, target: "x")?.kind == .categorical)
    #expect(try schema(["17", "5", "9"], name: "id", target: "id")?.kind == .numeric)
    #expect(try schema(["7", "7"], target: "x")?.kind == .numeric)
    #expect(try schema(["7", "7"], target: "x")?.reason == "the target; every value is 7")
    #expect(try schema(["a", "a"], target: "x")?.kind == .categorical)
    #expect(try schema(["yes", "no"], target: "x")?.kind == .boolean)
    #expect(try schema(["", ""], target: "x")?.kind == .numeric)
    #expect(try table("a,b\n1,2\n", target: "b")["b"] != nil)
  }

  @Test("the user's word counts")
  func overriding() throws {
    let text = "id,code,skip,c\n1,10,x,5\n2,09,y,5\n3,10.0,z,5\n"
    let table = try table(
      text, overrides: SchemaOverrides(numeric: ["id", "c"], categorical: ["code"], ignore: ["skip"]))
    #expect(table.schema.columns.map(\.kind) == [.numeric, .categorical, .ignored, .numeric])
    #expect(table.schema["id"]?.reason == "as asked; all 3 values are numbers")
    #expect(table.schema["code"]?.reason == "as asked; 2 distinct numbers")
    #expect(table.schema["skip"]?.reason == "as asked")
    #expect(table["code"]?.values == .categories(codes: [1, 0, 1], names: ["9", "10"]))
    #expect(table["skip"] == nil)
  }

  @Test("a wrong override is named, and the likely name offered")
  func wrongOverrides() throws {
    let text = "species,island\nAdelie,x\nGentoo,y\n"
    func error(_ overrides: SchemaOverrides, target: String? = nil) -> TableError? {
      failure { () throws(TableError) in try table(text, overrides: overrides, target: target) }
    }
    let unknown = error(SchemaOverrides(ignore: ["iland"]))
    #expect(unknown?.kind == .badRequest)
    #expect(
      unknown?.message
        == "there is no column \"iland\". Did you mean \"island\"? The columns are \"species\", \"island\".")
    #expect(error(SchemaOverrides(), target: "Species")?.message.contains("Did you mean \"species\"?") == true)
    #expect(error(SchemaOverrides(), target: "zzzzzz")?.message.contains("Did you mean") == false)
    #expect(
      error(SchemaOverrides(categorical: ["island"], ignore: ["island"]))?.message.contains("listed twice") == true)
    #expect(error(SchemaOverrides(ignore: ["island"]), target: "island")?.message.contains("is the target") == true)
    let text2 = error(SchemaOverrides(numeric: ["island"]))
    #expect(text2?.kind == .mismatch)
    #expect(text2?.line == 2)
    #expect(text2?.column == "island")
    #expect(text2?.message.hasPrefix("\"x\" where a number was expected.") == true)
  }

  @Test("penguins: kinds, rows and missing values are the data set's")
  func penguins() throws {
    let table = try Table(contentsOf: .file(penguinsPath), target: "species")
    #expect(table.rowCount == 344)
    #expect(
      table.columns.map(\.kind) == [
        .categorical, .numeric, .numeric, .numeric, .numeric, .categorical, .numeric, .categorical,
      ])
    #expect(table.columns.map(\.missingCount) == [0, 2, 2, 2, 2, 11, 0, 0])
    #expect(table["species"]?.classes.labels == ["Adelie", "Chinstrap", "Gentoo"])
    guard case .numbers(let mass) = table["body_mass_g"]?.values else {
      Issue.record("body mass is numeric")
      return
    }
    // Of the data set's documentation: the mean body mass is 4201.75 g.
    let known = mass.filter { !$0.isNaN }
    #expect(abs(known.reduce(0, +) / Double(known.count) - 4201.754386) < 1e-6)
    #expect(table.lines.last == 345)
  }
}
