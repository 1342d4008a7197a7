import DownhillCompute
import DownhillNetwork
import DownhillTables
import DownhillTabular
import DownhillTraining
import Testing

@Suite("From a table to a matrix") struct TableEncoderTests {
  static let text = """
    size,color,fresh,flat,target
    1,red,yes,5,a
    3,blue,no,5,b
    ,red,yes,5,a
    5,green,,5,b
    2,,no,5,a
    """

  private func encoder(
    _ text: String = text, rows: [Int32]? = nil, scaling: NumberScaling.Kind = .standard,
    overrides: SchemaOverrides = SchemaOverrides()
  ) throws -> (TableEncoder, Table) {
    let table = try Table(contentsOf: .text(text), overrides: overrides, target: "target")
    return (TableEncoder(fitting: table, rows: rows ?? table.rows, target: "target", scaling: scaling), table)
  }

  @Test("numbers, categories and booleans have the columns that their names say")
  func names() throws {
    let (encoder, _) = try encoder()
    #expect(
      encoder.names == [
        "size", "size is missing", "color=blue", "color=green", "color=red", "color is missing", "fresh=yes",
        "fresh is missing",
      ])
    #expect(encoder.width == encoder.names.count)
  }

  @Test("values are those of a calculation by hand")
  func values() throws {
    let (encoder, table) = try encoder()
    let (matrix, report) = try encoder.encode(table)
    // size: mean 2.75, variance (1.75² + 0.25² + 2.25² + 0.75²)/4 = 2.1875; fresh: no, yes as 0, 1 with mean 1/2.
    let deviation = 2.1875.squareRoot()
    let expected: [[Double]] = [
      [-1.75 / deviation, 0, 0, 0, 1, 0, 1, 0],
      [0.25 / deviation, 0, 1, 0, 0, 0, -1, 0],
      [0, 1, 0, 0, 1, 0, 1, 0],
      [2.25 / deviation, 0, 0, 1, 0, 0, 0, 1],
      [-0.75 / deviation, 0, 0, 0, 0, 1, -1, 0],
    ]
    for row in 0..<5 {
      for column in 0..<8 { #expect(abs(Double(matrix[row, column]) - expected[row][column]) < 1e-6) }
    }
    #expect(report.unseen.isEmpty)
  }

  @Test("only the training rows decide: other rows' categories are unseen, and counted")
  func unseen() throws {
    let (encoder, table) = try encoder(rows: [0, 1])
    #expect(encoder.names == ["size", "color=blue", "color=red", "fresh=yes"])
    let (matrix, report) = try encoder.encode(table)
    #expect(matrix.row(3) == [3, 0, 0, 0])
    #expect(matrix.row(2)[0] == 0, "a missing number is the mean, even where none was missing in training")
    #expect(report.unseen.elementsEqual([("color", 1)]) { $0 == $1 })
  }

  @Test("as they stand, numbers are themselves and booleans 0 and 1")
  func noScaling() throws {
    let (encoder, table) = try encoder(scaling: .none)
    let (matrix, _) = try encoder.encode(table)
    #expect(matrix.row(1) == [3, 0, 1, 0, 0, 0, 0, 0])
    #expect(matrix.row(2) == [2.75, 1, 0, 0, 1, 0, 1, 0])
  }

  @Test("every row of a long table is encoded as it is by itself", arguments: NumberScaling.Kind.allCases)
  func longTable(scaling: NumberScaling.Kind) throws {
    let rows = (0..<700).map { row in
      let size = row % 11 == 0 ? "" : "\(Double(row * 7919 % 997) / 8)"
      let color = row % 13 == 0 ? "" : ["red", "green", "blue"][row % 3]
      let fresh = row % 17 == 0 ? "" : row % 5 < 2 ? "no" : "yes"
      return "\(size),\(color),\(fresh),\(row % 2)"
    }
    let (encoder, table) = try encoder(
      (["size,color,fresh,target"] + rows).joined(separator: "\n"), scaling: scaling)
    let (matrix, report) = try encoder.encode(table)
    #expect(encoder.width == 8 && matrix.rows == 700 && report.unseen.isEmpty)
    for row in 0..<700 {
      #expect(try encoder.encode(table.select(rows: [Int32(row)])).matrix.row(0) == matrix.row(row), "row \(row)")
    }
  }

  /// Numbers, some of them missing, two-valued columns and categories by turns, so that panels begin and end anywhere.
  private func wideTable(rows: Int) -> Table {
    var random = RandomStream(seed: 6, purpose: .check)
    return Table(
      (0..<40).map { column in
        let codes = (0..<rows).map { _ in Int32(random.below(3)) - 1 }
        return switch column % 5 {
        case 3: Column(name: "b\(column)", kind: .boolean, values: .categories(codes: codes, names: ["no", "yes"]))
        case 4: Column(name: "c\(column)", kind: .categorical, values: .categories(codes: codes, names: ["p", "q"]))
        default:
          Column(
            name: "x\(column)", kind: .numeric,
            values: .numbers((0..<rows).map { $0 % 7 == column % 14 ? .nan : random.normal() }))
        }
      })
  }

  @Test(
    "the matrix is the same on any number of threads, and each row the same alone",
    arguments: NumberScaling.Kind.allCases)
  func threads(scaling: NumberScaling.Kind) throws {
    let table = wideTable(rows: 3_001)
    // Rows that follow each other, with gaps, and backwards.
    let rows = [Int32](0..<1_000) + (0..<600).map { 1_001 + 3 * $0 } + (0..<401).reversed()
    let encoder = TableEncoder(fitting: table, rows: rows, target: nil, scaling: scaling)
    #expect(
      encoder
        == TableEncoder(fitting: table, rows: rows, target: nil, scaling: scaling, workers: WorkerPool(threads: 3)))
    let selected = table.select(rows: rows)
    let matrix = try encoder.encode(selected).matrix
    #expect(try encoder.encode(selected, workers: WorkerPool(threads: 3)).matrix == matrix)
    for row in stride(from: 0, to: rows.count, by: 97) {
      #expect(try encoder.encode(table.select(rows: [rows[row]])).matrix.row(0) == matrix.row(row))
    }
  }

  @Test("each number of a wide matrix is its column's, scaled")
  func wide() throws {
    let table = wideTable(rows: 200)
    let encoder = TableEncoder(fitting: table, rows: table.rows, target: nil, scaling: .robust)
    let matrix = try encoder.encode(table).matrix
    var place = 0
    for encoding in encoder.columns {
      if case .number(let scaling, _) = encoding.form, case .numbers(let numbers)? = table[encoding.column]?.values {
        for (row, number) in numbers.enumerated() {
          #expect(matrix[row, place] == (number.isNaN ? 0 : scaling.apply(number)))
          if encoding.marksMissing { #expect(matrix[row, place + 1] == (number.isNaN ? 1 : 0)) }
        }
      }
      place += encoding.width
    }
    #expect(place == matrix.columns)
  }

  @Test("a constant column that was asked for is 0")
  func constant() throws {
    let (encoder, table) = try encoder(overrides: SchemaOverrides(numeric: ["flat"]))
    let place = try #require(encoder.names.firstIndex(of: "flat"))
    let (matrix, _) = try encoder.encode(table)
    #expect((0..<5).allSatisfy { matrix[$0, place] == 0 })
  }

  @Test("numeric codes are categories in the order of their numbers")
  func codes() throws {
    let (encoder, _) = try encoder(
      "code,target\n10,a\n9,b\n2,a\n10,b\n", overrides: SchemaOverrides(categorical: ["code"]))
    #expect(encoder.names == ["code=2", "code=9", "code=10"])
  }

  @Test("infinite numbers of a table in memory become finite ones")
  func infinities() throws {
    let table = Table([
      Column(name: "x", kind: .numeric, values: .numbers([.infinity, 1, 2, -.infinity, .nan]))
    ])
    for kind in NumberScaling.Kind.allCases {
      let encoder = TableEncoder(fitting: table, rows: table.rows, target: nil, scaling: kind)
      #expect(try encoder.encode(table).matrix.elements.allSatisfy(\.isFinite))
    }
  }

  @Test("a table that lacks a column, or has it in another kind, is refused")
  func mismatch() throws {
    let (encoder, table) = try encoder()
    #expect(throws: LearningError.self) { try encoder.encode(table.dropping("color")) }
    let other = Table(
      table.columns.map { $0.name == "size" ? Column(name: "size", kind: .categorical, values: $0.asTexts) : $0 })
    #expect(throws: LearningError.self) { try encoder.encode(other) }
  }
}

extension Column {
  fileprivate var asTexts: ColumnValues { .texts((0..<count).map { text($0) ?? "" }) }
}
