import DownhillTables
import Testing

@Suite("Splits") struct SplitTests {
  @Test(
    "every row lands in one part, ascending, and the held-out part has its share", arguments: [2, 3, 10, 101, 9_000],
    [0.01, 0.2, 0.5, 0.99])
  func parts(rows: Int, share: Double) throws {
    var random = TestGenerator(state: 3)
    let all = (0..<Int32(rows)).map { $0 }
    for split in [
      try Split.random(all, heldOut: share, using: &random), try Split.inOrder(all, heldOut: share),
      try Split.stratified(all, by: all.map { $0 % 2 }, heldOut: share, using: &random),
    ] {
      #expect((split.training + split.heldOut).sorted() == all)
      #expect(split.training == split.training.sorted() && split.heldOut == split.heldOut.sorted())
      #expect(!split.training.isEmpty && !split.heldOut.isEmpty)
    }
    let random2 = try Split.random(all, heldOut: share, using: &random)
    #expect(abs(Double(random2.heldOut.count) - share * Double(rows)) <= 1)
  }

  @Test("a split in order holds out the last rows")
  func inOrder() throws {
    #expect(try Split.inOrder([0, 1, 2, 3, 4], heldOut: 0.4) == Split(training: [0, 1, 2], heldOut: [3, 4]))
  }

  @Test("the same numbers give the same split, others another")
  func reproducible() throws {
    let rows = (0..<100).map { Int32($0) }
    func split(_ seed: UInt64) throws -> Split {
      var random = TestGenerator(state: seed)
      return try Split.random(rows, heldOut: 0.3, using: &random)
    }
    #expect(try split(1) == split(1))
    #expect(try split(1) != split(2))
  }

  @Test("each class keeps its share within one row, and its last row in training", arguments: 0..<40)
  func stratified(seed: Int) throws {
    var random = TestGenerator(state: UInt64(seed))
    let sizes = (0..<Int.random(in: 1...6, using: &random)).map { _ in Int.random(in: 1...50, using: &random) } + [2]
    let classes = sizes.enumerated().flatMap { code, size in [Int32](repeating: Int32(code) - 1, count: size) }
      .shuffled(using: &random)
    let rows = classes.indices.map { Int32($0) * 3 }
    let share = Double.random(in: 0.05...0.6, using: &random)
    let split = try Split.stratified(rows, by: classes, heldOut: share, using: &random)
    #expect((split.training + split.heldOut).sorted() == rows)
    let total = max(1, (Double(rows.count) * share).rounded())
    for (code, size) in sizes.enumerated() {
      let held = split.heldOut.count { classes[Int($0 / 3)] == Int32(code) - 1 }
      #expect(abs(Double(held) - Double(size) * total / Double(rows.count)) <= 1)
      #expect(held < size)
    }
  }

  @Test("classes of one row each still give two parts")
  func singletons() throws {
    var random = TestGenerator(state: 1)
    let split = try Split.stratified([0, 1, 2], by: [0, 1, 2], heldOut: 0.3, using: &random)
    #expect(split.training.count == 2 && split.heldOut.count == 1)
  }

  @Test("a draw favours no row")
  func fair() throws {
    var random = TestGenerator(state: 5)
    var counts = [Int](repeating: 0, count: 10)
    let rows = (0..<10).map { Int32($0) }
    for _ in 0..<5000 {
      for row in try Split.random(rows, heldOut: 0.3, using: &random).heldOut { counts[Int(row)] += 1 }
    }
    // 1500 each; the standard deviation is 32.
    #expect(counts.allSatisfy { abs($0 - 1500) < 5 * 33 })
  }

  @Test("no group is in both parts, and the share is met as nearly as groups allow", arguments: [0.1, 0.25, 0.5, 0.9])
  func grouped(share: Double) throws {
    for seed in 0..<20 as Range<UInt64> {
      var random = TestGenerator(state: seed)
      let groups = (0..<200).map { _ in Int32.random(in: -1..<20, using: &random) }
      let split = try Split.grouped((0..<200).map { Int32($0) }, by: groups, heldOut: share, using: &random)
      func members(_ rows: [Int32]) -> Set<Int32> { Set(rows.map { groups[Int($0)] }) }
      #expect(members(split.training).isDisjoint(with: members(split.heldOut)))
      #expect((split.training + split.heldOut).sorted() == (0..<200).map { Int32($0) })
      // About ten rows a group: half of a group's size away at most, and a little for luck.
      #expect(abs(split.heldOut.count - Int(200 * share)) <= 12)
    }
    var random = TestGenerator(state: 1)
    let two = try Split.grouped([0, 1, 2, 3, 4], by: [1, 1, 1, 0, 0], heldOut: 0.01, using: &random)
    #expect(two.heldOut == [3, 4])
    #expect(throws: TableError.self) { try Split.grouped([0, 1], by: [5, 5], heldOut: 0.5, using: &random) }
  }

  @Test("the latest rows are held out, rows of one time together, those without a time first")
  func latest() throws {
    let times: [Double] = [5, 3, .nan, 9, 7, 7, 1, 8]
    func heldOut(_ share: Double) throws -> [Int32] {
      try Split.latest((0..<8).map { Int32($0) }, by: times, heldOut: share).heldOut
    }
    #expect(try heldOut(0.25) == [3, 7])
    // The third and fourth from the end are of one time.
    #expect(try heldOut(0.375) == [3, 7] && heldOut(0.5) == [3, 4, 5, 7])
    #expect(try heldOut(0.9) == [0, 1, 3, 4, 5, 6, 7])
    #expect(try Split.latest([0, 1, 2], by: [1, 2, 2], heldOut: 0.34).heldOut == [1, 2])
    #expect(throws: TableError.self) { try Split.latest([0, 1], by: [2, 2], heldOut: 0.5) }
  }

  @Test("a share that makes no sense, and too few rows, are refused", arguments: [-0.1, 1, 1.5, .nan, .infinity])
  func refused(share: Double) {
    let error = failure { () throws(TableError) in try Split.inOrder([0, 1, 2], heldOut: share) }
    #expect(error?.kind == .badRequest)
    #expect(
      failure { () throws(TableError) in try Split.inOrder([0], heldOut: 0.5) }?.message.hasPrefix("1 row can't")
        == true)
    #expect(failure { () throws(TableError) in try Split.inOrder([], heldOut: 0) } == nil)
  }
}
