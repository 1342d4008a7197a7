import DownhillCompute
import DownhillTables
import DownhillTrees
import Testing

@Suite("Bins")
struct BinTests {
  /// Trees that can tell apart whatever bins can: a leaf for each bin.
  private func groups(_ column: Column, of new: Column, leaves: Int) -> [Double] {
    var options = BoostingOptions()
    (options.rounds, options.rate, options.growth.leaves) = (1, 1, leaves)
    (options.growth.penalty, options.growth.categoryPenalty, options.growth.leafRows) = (0, 0, 1)
    options.growth.categoryRows = 1
    let answers = (0..<column.count).map { Double($0 * $0) }
    return predictions(Table([column]), .values(answers), of: Table([new]), options: options).values
  }

  private func numbers(_ values: [Double]) -> Column {
    Column(name: "x", kind: .numeric, values: .numbers(values))
  }

  @Test("Up to 255 distinct numbers have a bin each, parted in the middle; infinite ones too")
  func distinct() {
    let learned = [-Double.infinity, -3, 0, 0.5, 1e300, 1.7e308, .infinity]
    let said = groups(numbers(learned), of: numbers(learned), leaves: 7)
    #expect(said == (0..<7).map { Double($0 * $0) })
    let between = groups(numbers([1, 2, 4]), of: numbers([-9, 1.5, 1.51, 2.9, 3, 3.1, 9]), leaves: 3)
    #expect(between == [0, 0, 1, 1, 1, 4, 4])
    let neighbours = [1.0, 1.0.nextUp, 1.0.nextUp.nextUp]
    #expect(groups(numbers(neighbours), of: numbers(neighbours), leaves: 3) == [0, 1, 4])
  }

  @Test("Of more numbers each bin holds as many rows as another, and a frequent number has its own")
  func quantiles() {
    let many = (0..<2550).map { Double($0) }
    var random = RandomStream(seed: 1, purpose: .split)
    let order = random.permutation(of: many.count).map { many[Int($0)] }
    let bins = TableBins(fitting: Table([numbers(order)]), rows: [Int32](0..<2550), target: "")
    #expect(bins.counts(of: numbers(many)) == [Int](repeating: 10, count: 255) + [0])

    let frequent = [Double](repeating: 7.5, count: 3000) + many
    let table = Table([numbers(frequent)])
    let counts = TableBins(fitting: table, rows: table.allRows, target: "").counts(of: numbers(frequent))
    #expect(counts.count == 256 && counts.contains(3000))
    #expect(counts.filter { $0 != 3000 }.max()! < 25)
  }

  @Test("What is missing, dates that can't be read, and categories that were not seen have the bin behind all others")
  func missing() {
    let learned = Column(name: "x", kind: .date, values: .numbers([1, .nan, 2, .infinity]))
    #expect(TableBins(fitting: Table([learned]), rows: [0, 1, 2, 3], target: "").counts(of: learned) == [1, 1, 2])
    func words(_ codes: [Int32], _ names: [String]) -> Column {
      Column(name: "x", kind: .categorical, values: .categories(codes: codes, names: names))
    }
    let bins = TableBins(fitting: Table([words([0, 1, 1, -1], ["a", "b", "c"])]), rows: [0, 1, 2, 3], target: "")
    // The most frequent first, whatever number another table gives it.
    #expect(bins.counts(of: words([0, 0, 0, 1, 2, 3, -1], ["b", "a", "c", "d"])) == [3, 1, 3])
    #expect(bins.counts(of: Column(name: "y", kind: .numeric, values: .numbers([1, 2]))) == [0, 0, 2])
  }

  @Test("Of more than 255 categories the rarest count as missing")
  func manyCategories() {
    let codes = (0..<300).flatMap { [Int32](repeating: Int32($0), count: $0 < 100 ? 1 : 3) }
    let names = (0..<300).map { "c\($0)" }
    let column = Column(name: "x", kind: .categorical, values: .categories(codes: codes, names: names))
    let table = Table([column])
    let counts = TableBins(fitting: table, rows: table.allRows, target: "").counts(of: column)
    #expect(counts == [Int](repeating: 3, count: 200) + [Int](repeating: 1, count: 55) + [45])
  }
}

extension TableBins {
  /// How many rows are in each bin of the first column.
  fileprivate func counts(of column: Column) -> [Int] {
    let rows = encode(Table([column]), rows: [Int32](0..<Int32(column.count)))
    var counts = [Int](repeating: 0, count: binCounts[0])
    for row in 0..<rows.count { counts[Int(rows[row, 0])] += 1 }
    return counts
  }
}
