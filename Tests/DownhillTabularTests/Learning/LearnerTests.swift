import DownhillCompute
import DownhillNetwork
import DownhillTables
import DownhillTabular
import DownhillTraining
import Testing

@Suite("From examples to a model") struct LearnerTests {
  @Test("the same seed makes the same file, byte for byte, on any number of threads", arguments: Recipe.Name.allCases)
  func sameBytes(recipe: Recipe.Name) throws {
    let files = try [1, 2, 5, 1].map { threads in
      var learner = Learner(quick(Recipe(recipe)))
      learner.threads = threads
      learner.seed = .max
      learner.holdout = 0.2
      return try learner.prepare(penguins()).train().model.encoded()
    }
    #expect(files.allSatisfy { $0 == files[0] })

    var other = Learner(quick(Recipe(recipe)))
    other.seed = 1
    other.holdout = 0.2
    #expect(try other.prepare(penguins()).train().model.encoded() != files[0])
  }

  @Test("parts are as large as asked, and their rows are judged")
  func parts() throws {
    var learner = Learner(quick())
    learner.holdout = 0.25
    let learning = try learner.prepare(penguins())
    #expect(learning.testRows == 86 && learning.validationRows == 52 && learning.trainingRows == 206)
    let learned = try learning.train()
    #expect(learned.model.record.metricsOn == .holdout && learned.evaluation.rows == 86)
  }

  @Test("without parts, the training rows are judged")
  func noParts() throws {
    var recipe = quick()
    recipe.validation = 0
    let learned = try Learner(recipe).prepare(penguins()).train()
    #expect(learned.model.record.metricsOn == .train && learned.evaluation.rows == 344)
  }

  @Test("test rows are judged when they are there")
  func testRows() throws {
    let all = try penguins()
    let learned = try Learner(quick()).prepare(all, test: all.select(rows: [0, 200, 300])).train()
    #expect(learned.model.record.metricsOn == .test && learned.evaluation.rows == 3)
  }

  /// Rows whose feature is their number: which rows trained can be read off the encoder and the metrics.
  private static func numbered(_ count: Int, target: (Int) -> String) throws -> Examples {
    let text = "x,z,y\n" + (0..<count).map { "\($0).5,\($0 * $0),\(target($0))\n" }.joined()
    return try Examples(Table(contentsOf: .text(text), target: "y"), target: "y")
  }

  @Test("in order, the last rows are held back and the encoder sees the first alone")
  func inOrder() throws {
    var learner = Learner(quick())
    learner.shuffles = false
    learner.holdout = 0.2
    learner.recipe.validation = 0.25
    let learning = try learner.prepare(Self.numbered(100) { $0 % 2 == 0 ? "a" : "b" })
    #expect(learning.trainingRows == 60 && learning.validationRows == 20 && learning.testRows == 20)
    guard case .table(let encoder) = learning.encoder, case .number(let scaling, let fill) = encoder.columns[0].form
    else { return #expect(Bool(false)) }
    // The mean of 0.5 … 59.5.
    #expect(abs(scaling.offset - 30) < 1e-12 && fill == scaling.offset)
  }

  @Test("each class has its share in each part")
  func stratified() throws {
    var learner = Learner(quick())
    learner.holdout = 0.5
    let learned = try learner.prepare(Self.numbered(80) { $0 % 8 == 0 ? "rare" : "often" }).train()
    guard case .classification(let metrics) = learned.evaluation.scores else { return #expect(Bool(false)) }
    #expect((0..<2).map { metrics.confusion.occurrences($0) } == [35, 5])
  }

  @Test("rows without a target are left out, and it is said")
  func missingTargets() throws {
    let examples = try Self.numbered(40) { $0 % 4 == 0 ? "" : $0 % 2 == 0 ? "a" : "b" }
    let learning = try Learner(quick()).prepare(examples)
    #expect(learning.trainingRows + learning.validationRows == 30)
    #expect(learning.notes.contains { $0.contains("10 rows without a target") })
  }

  @Test("binary cross-entropy trains one output, and gives both classes their probability")
  func binary() throws {
    var recipe = quick()
    recipe.loss = .binaryCrossEntropy
    let examples = try Self.numbered(60) { $0 < 30 ? "low" : "high" }
    let learned = try Learner(recipe).prepare(examples).train()
    #expect(try learned.model.network.outputs().count == 1)
    let predictions = try ModelPredictor(learned.model).predict(examples.features)
    #expect(predictions.labels == ["high", "low"] && predictions.probabilities.columns == 2)
    for row in 0..<60 {
      let (high, low) = (predictions.probabilities[row, 0], predictions.probabilities[row, 1])
      #expect(abs(high + low - 1) < 1e-6)
      #expect(predictions.label(row) == (high >= low ? "high" : "low"))
    }
    #expect(learned.evaluation.values.contains { $0.name == "auc" })
  }

  @Test("many rows are predicted as they are by themselves")
  func manyRows() throws {
    let model = try Learner(quick()).prepare(Self.numbered(40) { $0 % 2 == 0 ? "a" : "b" }).train().model
    let examples = try Self.numbered(5_000) { _ in "a" }
    let predictor = try ModelPredictor(model)
    let all = try predictor.predict(examples.features)
    #expect(all.count == 5_000)
    for row: Int32 in [0, 2_047, 2_048, 4_096, 4_999] {
      let one = try predictor.predict(examples.select(rows: [row]).features)
      #expect(one.probabilities.row(0) == all.probabilities.row(Int(row)))
    }
    let right = (0..<5_000).count { all.label($0) == "a" }
    let accuracy = try predictor.evaluate(examples).values.first { $0.name == "accuracy" }?.value
    #expect(accuracy == Double(right) / 5_000)
  }

  @Test("a label that the model doesn't know counts as wrong")
  func unknownLabels() throws {
    let model = try Learner(quick()).prepare(Self.numbered(40) { $0 % 2 == 0 ? "a" : "b" }).train().model
    let evaluation = try ModelPredictor(model).evaluate(Self.numbered(10) { _ in "c" })
    #expect(evaluation.unknownLabels == 10)
    #expect(evaluation.values.first { $0.name == "accuracy" }?.value == 0)
  }

  @Test("validation rows beyond every number don't keep a model from being saved")
  func infiniteValidation() throws {
    var learner = Learner(quick())
    learner.shuffles = false
    learner.recipe.scaling = .none
    learner.recipe.standardizesTarget = false
    learner.recipe.keepsBest = true
    learner.recipe.learningRate = 1e-6
    let examples = try Self.numbered(20) { $0 < 16 ? "\(Double($0) / 7)" : "1e30" }
    let model = try learner.prepare(examples).train().model
    #expect(try Model(decoding: model.encoded()).record == model.record)
  }

  @Test("a loss that runs away is an error that keeps the last good model")
  func divergence() throws {
    var recipe = quick()
    recipe.learningRate = 1e9
    let learning = try Learner(recipe).prepare(Self.numbered(40) { "\($0).25" })
    let error = #expect(throws: DivergedLearning.self) { try learning.train() }
    #expect(error?.description.contains("Try a learning rate of 1e+08") == true)
  }
}

@Suite("What can't be learned is said before training") struct RefusalTests {
  static let cases: [(String, LearningTask?, @Sendable (inout Recipe) -> Void, String, LearningError.Kind)] = [
    ("x,y\n1,a\n2,a\n3,a\n", nil, { _ in }, "only the value “a”", .data),
    ("x,y\n1,a\n2,\n3,\n", nil, { _ in }, "1 row with a value", .data),
    ("x,y\n1,\n2,\n", nil, { _ in }, "0 rows with a value", .data),
    ("x,y\n1,a\n1,b\n1,a\n", nil, { _ in }, "no column to learn from", .data),
    ("x,y\n1,a\n2,b\n3,a\n", .regression, { _ in }, "holds texts such as “a”", .request),
    ("x,y\n1,a\n2,b\n3,a\n", nil, { $0.loss = .meanSquaredError }, "classify with cross-entropy", .request),
    ("x,y\n1,1.5\n2,2.5\n3,4\n", nil, { $0.loss = .crossEntropy }, "regress with mse", .request),
    ("x,y\n1,a\n2,b\n3,c\n", nil, { $0.loss = .binaryCrossEntropy }, "takes a target with two classes", .request),
    ("x,y\n1,a\n2,b\n3,c\n", nil, { $0.batchSize = 0 }, "at least one row", .request),
    ("x,y\n1,a\n2,b\n3,c\n", nil, { $0.weightDecay = -1 }, "at least 0", .request),
    ("x,y\n1,a\n2,b\n3,c\n", nil, { $0.learningRate = 1e300 }, "fits a 32-bit float", .request),
  ]

  @Test("data and requests that make no sense", arguments: cases.indices)
  func refusal(index: Int) throws {
    let (text, task, change, message, kind) = Self.cases[index]
    var learner = Learner(quick())
    learner.task = task
    change(&learner.recipe)
    let examples = try Examples(Table(contentsOf: .text(text), target: "y"), target: "y")
    let error = #expect(throws: LearningError.self) { try learner.prepare(examples) }
    #expect(error?.description.contains(message) == true, "\(error.map { "\($0)" } ?? "")")
    #expect(error?.kind == kind)
  }

  @Test("a network beyond the machine's memory")
  func memory() throws {
    var recipe = quick()
    recipe.layers = [1 << 33]
    let error = try #require(throws: NetworkError.self) { try Learner(recipe).prepare(penguins()) }
    #expect(error.reason.contains("take narrower layers"))
  }

  @Test("test rows without an answer")
  func testWithoutAnswers() throws {
    let all = try penguins()
    let table = try Table(
      contentsOf: .text("y,x\n,1\n,2\n"), schema: try Table(contentsOf: .text("y,x\na,1\nb,2\n"), target: "y").schema)
    #expect(throws: LearningError.self) {
      try Learner(quick()).prepare(all, test: Examples(table, target: "y"))
    }
  }

  @Test("test images of another size")
  func testImages() throws {
    func images(_ side: Int) throws -> Examples {
      let bytes = [UInt8](repeating: 7, count: 6 * side * side)
      return try Examples(Images(dimensions: [side, side], bytes: bytes), labels: [0, 1, 0, 1, 0, 1])
    }
    let error = try #require(throws: LearningError.self) { try Learner(quick()).prepare(images(4), test: images(5)) }
    #expect(error.description == "images holds images of 5 × 5; the model takes 4 × 4")
  }
}
