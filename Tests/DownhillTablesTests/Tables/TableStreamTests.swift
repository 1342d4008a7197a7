import DownhillTables
import Testing

@Suite("Reading by a schema") struct TableStreamTests {
  private let learned = "id,size,color,fits,kind\n1,1.5,red,yes,a\n2,2.5,blue,no,b\n3,,red,yes,a\n"

  private func schema() throws -> Schema { try table(learned, target: "kind").schema }

  private func read(
    _ text: String, format: CSVFormat = CSVFormat(), optional: [String] = ["kind"], skipping: [String] = [],
    carrying: [String] = []
  ) throws -> Table {
    try Table(
      contentsOf: .text(text, name: "new.csv"), format: format, schema: schema(), optional: optional,
      skipping: skipping,
      carrying: carrying)
  }

  private func error(_ text: String, optional: [String] = ["kind"], carrying: [String] = []) throws -> TableError? {
    do {
      _ = try read(text, optional: optional, carrying: carrying)
      return nil
    } catch let error as TableError { return error }
  }

  @Test("columns are found by name; others are passed over and listed")
  func byName() throws {
    let table = try read("extra,fits,color,size\n9,No,green,4\n8,YES,red,NA\n")
    #expect(table.columns.map(\.name) == ["size", "color", "fits"])
    #expect(texts(table["size"]) == ["4", nil])
    #expect(texts(table["color"]) == ["green", "red"])
    #expect(table["fits"]?.values == .categories(codes: [0, 1], names: ["no", "yes"]))
    #expect(table.extraColumns == ["extra"])
  }

  @Test("the target is read if it is there and asked for")
  func target() throws {
    #expect(texts(try read("size,color,fits,kind\n1,red,no,b\n")["kind"]) == ["b"])
    #expect(try read("size,color,fits\n1,red,no\n")["kind"] == nil)
    #expect(try read("size,color,fits,kind\n1,red,no,b\n", skipping: ["kind"])["kind"] == nil)
    let missing = try error("size,color,fits\n1,red,no\n", optional: [])
    #expect(missing?.column == "kind")
  }

  @Test("a missing column is named, with what it may be called here")
  func missingColumn() throws {
    let one = try error("size,colour,fits\n1,red,no\n")
    #expect(one?.kind == .mismatch)
    #expect(one?.line == 1)
    #expect(one?.column == "color")
    #expect(one?.message.contains("\"colour\" may be meant as \"color\"") == true)
    let two = try error("x,size\n1,2\n")
    #expect(two?.message.contains("lacks 2 columns of the table that was learned from: \"color\", \"fits\"") == true)
  }

  @Test("text where a number was is an error at its place")
  func textForNumber() throws {
    let found = try error("color,size,fits\nred,1,no\nred,big,no\n")
    #expect(
      found?.description
        == "new.csv:3: column 2 \"size\": \"big\" where a number was expected. The model learned this column as numbers. "
        + "Mend the value, or leave it empty if it is not known.")
    let comma = try error("color;size;fits\nred;1,5;no\n")
    #expect(comma?.message.contains("decimal point") == true)
  }

  @Test("an unknown word in a boolean column comes after its two")
  func unknownWord() throws {
    let table = try read("size,color,fits\n1,red,maybe\n2,red,yes\n")
    #expect(table["fits"]?.values == .categories(codes: [2, 1], names: ["no", "yes", "maybe"]))
  }

  @Test("a file without a header is read by position, with or without the target")
  func byPosition() throws {
    let format = CSVFormat(hasHeader: false)
    let full = try read("1,4.5,red,yes,b\n2,3,blue,no,a\n", format: format)
    #expect(texts(full["size"]) == ["4.5", "3"])
    #expect(texts(full["kind"]) == ["b", "a"])
    let without = try read("1,4.5,red,yes\n", format: format, carrying: ["id"])
    #expect(without["kind"] == nil)
    #expect(texts(without.carried.first) == ["1"])
    #expect(try error("1,4.5,red\n2,4.5,red\n")?.message.contains("it has 3, and 5 or 4 were expected") == true)
  }

  @Test("columns are carried along as they stand, features and unknown ones alike")
  func carrying() throws {
    let table = try read("key,size,color,fits\n007,1.50,red,no\nNA,2,red,no\n", carrying: ["key", "size"])
    #expect(table.carried.map(\.name) == ["key", "size"])
    #expect(texts(table.carried[0]) == ["007", "NA"])
    #expect(texts(table.carried[1]) == ["1.50", "2"])
    let wrong = try error("key,size,color,fits\n1,1,red,no\n", carrying: ["kex"])
    #expect(wrong?.kind == .badRequest)
    #expect(wrong?.message.contains("Did you mean \"key\"?") == true)
  }

  @Test("numbers used as categories are the same however they are written")
  func numberCodes() throws {
    let learned = try table("code,y\n1,2.5\n2,3.5\n3,1\n", overrides: SchemaOverrides(categorical: ["code"]))
    let table = try Table(contentsOf: .text("code\n1.0\n02\nx\n\n"), schema: learned.schema, optional: ["y"])
    #expect(texts(table["code"]) == ["1", "2", "x"])
  }

  @Test(
    "chunks of any size and any read size give the rows of the whole", arguments: [1, 7, 1000], [1, 3, 64, 1 << 20])
  func chunks(rows: Int, readSize: Int) throws {
    let whole = try Table(contentsOf: .file(penguinsPath), target: "species")
    let stream = try TableStream(.file(penguinsPath), schema: whole.schema, carrying: ["species"], readSize: readSize)
    var read = 0
    while let chunk = try stream.next(rows: rows) {
      #expect(chunk.rowCount == min(rows, whole.rowCount - read))
      let expected = whole.select(rows: (read..<read + chunk.rowCount).map { Int32($0) })
      #expect(chunk.lines == expected.lines)
      for (column, same) in zip(chunk.columns, expected.columns) {
        #expect(column.name == same.name && column.kind == same.kind)
        #expect(texts(column) == texts(same))
      }
      #expect(texts(chunk.carried[0]) == texts(expected["species"]))
      read += chunk.rowCount
    }
    #expect(read == 344)
  }

  @Test("rows that are needed and not there are an error")
  func noRows() throws {
    #expect(try error("size,color,fits\n")?.message.contains("no rows") == true)
  }

  @Test(
    "a table read whole is the one read in chunks, on any number of threads", arguments: [1, 2, 5],
    [1, 40, 900, 1 << 20])
  func whole(threads: Int, stretch: Int) throws {
    let schema = try Table(contentsOf: .file(penguinsPath), target: "species").schema
    let stream = try TableStream(.file(penguinsPath), schema: schema, carrying: ["sex", "year", "sex"])
    let expected = try #require(try stream.next(rows: 1000))
    let table = try Table(
      contentsOf: .file(penguinsPath), schema: schema, carrying: ["sex", "year", "sex"], threads: threads,
      stretch: stretch)
    #expect(table == expected)
    #expect(table.carried.count == 3 && texts(table.carried[0]) == texts(table.carried[2]))
  }

  @Test("a fault is the same from a table read whole, on any number of threads", arguments: [1, 3], [10, 1 << 20])
  func faults(threads: Int, stretch: Int) throws {
    let good = (0..<100).map { "\($0),red,no\n" }.joined()
    for fault in ["big,red,no\n", "1,red\n", "1,\"red\"x,no\n"] {
      let text = "size,color,fits\n" + good + fault + good
      let schema = try schema()
      let streamed = failure { () throws(TableError) in
        let stream = try TableStream(.text(text, name: "new.csv"), schema: schema, optional: ["kind"])
        while try stream.next(rows: 7) != nil {}
      }
      let whole = failure { () throws(TableError) in
        try Table(
          contentsOf: .text(text, name: "new.csv"), schema: schema, optional: ["kind"], threads: threads,
          stretch: stretch)
      }
      #expect(whole != nil && whole == streamed && whole?.line == 102)
    }
  }

  @Test("chunks are handed over in order, and a fault after those before it", arguments: [1, 2], [1, 7, 50, 100, 101])
  func forEachChunk(threads: Int, rows: Int) throws {
    let good = (0..<100).map { "\($0),red,no\n" }.joined()
    for fault in ["", "big,red,no\n"] {
      let stream = try TableStream(
        .text("size,color,fits\n" + good + fault, name: "new.csv"), schema: schema(), optional: ["kind"], readSize: 64)
      var sizes: [String?] = []
      var error: (any Error)?
      do {
        try stream.forEachChunk(rows: rows, threads: threads) { sizes += texts($0["size"]) }
      } catch let found { error = found }
      #expect((error as? TableError)?.line == (fault.isEmpty ? nil : 102) && (error == nil) == fault.isEmpty)
      #expect(sizes == (0..<(fault.isEmpty ? 100 : 100 / rows * rows)).map { "\($0)" })
    }
  }

  @Test("what the work on a chunk throws ends the reading")
  func thrownByWork() throws {
    struct Enough: Error {}
    let stream = try TableStream(.text("size,color,fits\n1,red,no\n2,red,no\n"), schema: schema(), optional: ["kind"])
    var chunks = 0
    #expect(throws: Enough.self) {
      try stream.forEachChunk(rows: 1, threads: 2) { _ in
        chunks += 1
        throw Enough()
      }
    }
    #expect(chunks == 1)
  }
}
