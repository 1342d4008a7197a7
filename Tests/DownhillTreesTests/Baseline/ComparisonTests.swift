import DownhillCompute
import DownhillTables
import DownhillTabular
import DownhillTraining
import DownhillTrees
import Testing

@Suite("A network beside trees")
struct ComparisonTests {
  /// Steps that trees see at once and a linear model never does, or noise that nobody can predict.
  private static func table(rows: Int = 600, isNoise: Bool = false, seed: UInt64 = 4) -> Table {
    var random = RandomStream(seed: seed, purpose: .check)
    let a = (0..<rows).map { _ in random.normal() }, b = (0..<rows).map { _ in random.normal() }
    let codes: [Int32] = (0..<rows).map { row in
      if isNoise { return Int32(random.below(2)) }
      return a[row] * b[row] > 0 ? 1 : 0
    }
    let values: [Double] = (0..<rows).map { row in 5 + 3 * a[row] - b[row] + 0.1 * random.normal() }
    return Table([
      Column(name: "a", kind: .numeric, values: .numbers(a)), Column(name: "b", kind: .numeric, values: .numbers(b)),
      Column(name: "id", kind: .identifier, values: .numbers((0..<rows).map { Double(codes[$0]) })),
      Column(name: "y", kind: .categorical, values: .categories(codes: .init(codes), names: ["no", "yes"])),
      Column(name: "v", kind: .numeric, values: .numbers(values)),
    ])
  }

  private static func learner(members: Int? = nil, validation: Double = 0.2) -> Learner {
    var recipe = Recipe.plain
    (recipe.layers, recipe.epochs, recipe.members, recipe.validation) = ([], 20, members, validation)
    recipe.keepsBest = true
    recipe.refits = true
    var learner = Learner(recipe)
    learner.threads = 1
    return learner
  }

  private static func compare(
    _ learner: Learner, _ table: Table, target: String = "y", test: Table? = nil, seconds: Double = 60
  ) throws -> TreeComparison? {
    let other = target == "y" ? "v" : "y"
    let examples = try Examples(table.dropping(other), target: target)
    let learning = try learner.prepare(
      examples, test: try test.map { try Examples($0.dropping(other), target: target) })
    return try learning.compareWithTrees(try learning.train(), seconds: seconds)
  }

  @Test("Where trees are far ahead on rows held back, they are favoured, and certainly so")
  func ahead() throws {
    var learner = Self.learner()
    learner.holdout = 0.25
    let found = try #require(try Self.compare(learner, Self.table()))
    #expect(found.favoursTrees && found.isCertain && found.part == .holdout && found.rows == 150)
    // The network was trained again on its validation rows, and so are the trees.
    #expect(found.trainedRows == 450 && found.networkRows == 450)
    guard case .classification(let trees) = found.trees.scores, case .classification(let network) = found.network.scores
    else { throw LearningError("a classification was expected") }
    #expect(trees.accuracy > 0.85 && network.accuracy < 0.65)
    #expect(abs(found.lead.value - (trees.accuracy - network.accuracy)) < 1e-9)
  }

  @Test("Where a linear model is right, trees are not favoured")
  func behind() throws {
    let found = try #require(try Self.compare(Self.learner(), Self.table(), target: "v", test: Self.table(seed: 9)))
    #expect(!found.favoursTrees && found.lead.interval.upperBound < 0 && found.part == .test && found.rows == 600)
    guard case .regression(let trees) = found.trees.scores, case .regression(let network) = found.network.scores
    else { throw LearningError("a regression was expected") }
    #expect(abs(found.lead.value - (network.rmse / trees.rmse - 1)) < 1e-5)
  }

  @Test("The network's figures are those that it is judged by", arguments: [nil, 3], [0, 0.25])
  func sameRows(members: Int?, holdout: Double) throws {
    var learner = Self.learner(members: members)
    learner.holdout = holdout
    let learning = try learner.prepare(Examples(Self.table().dropping("v"), target: "y"))
    let learned = try learning.train()
    let found = try #require(try learning.compareWithTrees(learned, seconds: 60))
    #expect(found.network.rows == learned.evaluation.rows && found.part == learned.model.record.metricsOn)
    for (one, other) in zip(found.network.values, learned.evaluation.values) {
      #expect(one.name == other.name && abs(one.value - other.value) < 1e-6)
    }
  }

  @Test("Trees know nothing of the rows that they are judged on: of noise they know no more than anybody")
  func noLeak() throws {
    for members in [nil, 4] {
      let found = try #require(try Self.compare(Self.learner(members: members), Self.table(rows: 2000, isNoise: true)))
      guard case .classification(let trees) = found.trees.scores else { return }
      // Half, and three deviations of what 800 or 400 rows come to by chance.
      #expect(abs(trees.accuracy - 0.5) < 1.5 / Double(found.rows).squareRoot())
      #expect(found.rows == (members == nil ? 400 : 800))
    }
  }

  @Test("A label, and a category, that no training row had are no harm")
  func unknown() throws {
    let learned = Self.table(rows: 300), other = Self.table(rows: 100, seed: 8)
    guard case .categories(let codes, _) = other["y"]!.values else { return }
    var test = other
    test.columns[3].values = .categories(
      codes: .init(codes.enumerated().map { $0.offset < 10 ? 2 : $0.element }), names: ["no", "yes", "maybe"])
    let found = try #require(try Self.compare(Self.learner(), learned, test: test))
    #expect(found.trees.unknownLabels == 10 && found.rows == 100)
    guard case .classification(let trees) = found.trees.scores else { return }
    #expect(trees.accuracy <= 0.9 && trees.accuracy > 0.6)
  }

  @Test("The same training is compared with the same trees, on any number of threads")
  func repeats() throws {
    var learner = Self.learner(members: 3)
    let one = try #require(try Self.compare(learner, Self.table()))
    learner.threads = 2
    let two = try #require(try Self.compare(learner, Self.table()))
    #expect(one.lead == two.lead && one.treeCount == two.treeCount)
    for (a, b) in zip(one.trees.values, two.trees.values) { #expect(a.value == b.value) }
  }

  @Test("Where time is short, trees take some of the rows, and say so")
  func shortOfTime() throws {
    let found = try #require(try Self.compare(Self.learner(), Self.table(rows: 20_000), seconds: 0.02))
    #expect(found.trainedRows < found.networkRows || found.isCutShort)
    let folds = try #require(try Self.compare(Self.learner(members: 5), Self.table(rows: 20_000), seconds: 0.02))
    // Those of the first folds alone.
    #expect(folds.rows < 20_000 && folds.network.rows == folds.rows)
  }

  @Test("There is nothing to compare without rows that were left out, with images, or for another loss")
  func nothing() throws {
    #expect(try Self.compare(Self.learner(validation: 0), Self.table()) == nil)
    var learner = Self.learner()
    learner.recipe.loss = try LossSetting("mae")
    #expect(try Self.compare(learner, Self.table(), target: "v") == nil)
    let images = try Images(dimensions: [2, 2], bytes: (0..<400).map { UInt8($0 % 251) })
    let learning = try Self.learner().prepare(Examples(images, labels: (0..<100).map { UInt8($0 % 3) }))
    #expect(try learning.compareWithTrees(learning.train()) == nil)
  }
}
