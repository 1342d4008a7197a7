import DownhillCompute
import DownhillNetwork
import DownhillTables
import DownhillTabular
import DownhillTraining
import Foundation
import Testing

@Suite("Ensembles")
struct EnsembleTests {
  /// Three classes along two numbers, with noise.
  private static func table(rows: Int = 180) -> Table {
    var random = RandomStream(seed: 3, purpose: .split)
    let a = (0..<rows).map { Double($0 % 3) + random.normal() }
    let b = (0..<rows).map { Double(($0 / 2) % 3) + random.normal() * 0.5 }
    let labels = (0..<rows).map { Int32(($0 + (random.uniform() < 0.1 ? 1 : 0)) % 3) }
    return Table([
      Column(name: "a", kind: .numeric, values: .numbers(.init(a))),
      Column(name: "b", kind: .numeric, values: .numbers(.init(b))),
      Column(name: "c", kind: .categorical, values: .categories(codes: .init(labels), names: ["x", "y", "z"])),
    ])
  }

  private static func learner(members: Int) -> Learner {
    var recipe = Recipe.default
    recipe.members = members
    recipe.layers = [8]
    recipe.epochs = 12
    var learner = Learner(recipe)
    learner.seed = 5
    return learner
  }

  @Test("Each row is judged by the member that has not learned from it; the events say whose they are")
  func crossValidation() throws {
    let examples = try Examples(Self.table(), target: "c")
    var members: [Int] = [], validated: [Int] = []
    let learned = try Self.learner(members: 4).prepare(examples).train { event in
      if case .member(let number, let count) = event, count == 4 { members.append(number) }
      if case .began(let beginning) = event { validated.append(beginning.validationRows) }
    }
    #expect(members == [1, 2, 3, 4] && validated == [18, 18, 18, 18])
    #expect(learned.model.members.count == 4 && learned.model.record.memberEpochs?.count == 4)
    #expect(learned.evaluation.rows == 72 && learned.model.record.metricsOn == .validation)
    #expect(learned.model.temperature > 0.2 && learned.model.temperature < 5)
  }

  @Test("Each member leaves out a tenth, which is no other's; many members less, and few rows as many parts as members")
  func folds() throws {
    func parts(_ members: Int, rows: Int) throws -> [[Int32]] {
      let learning = try Self.learner(members: members).prepare(Examples(Self.table(rows: rows), target: "c"))
      #expect(learning.validationRows == learning.watchingRows.reduce(0) { $0 + $1.count })
      return learning.watchingRows
    }
    for (members, rows, size) in [(2, 180, 18), (10, 180, 18), (20, 180, 9), (3, 9, 3)] {
      let folds = try parts(members, rows: rows)
      #expect(folds.map(\.count) == [Int](repeating: size, count: members))
      #expect(Set(folds.flatMap { $0 }).count == members * size)
    }
  }

  @Test("Rows that belong together are left out together, however uneven their groups are")
  func groupedFolds() throws {
    let table = Self.table(), sizes = [1, 2, 3, 50, 60, 64]
    let groups = sizes.enumerated().flatMap { [Double](repeating: Double($0), count: $1) }
    var learner = Self.learner(members: 6)
    learner.split = .grouped(by: Column(name: "g", kind: .numeric, values: .numbers(.init(groups))))
    let folds = try learner.prepare(Examples(table, target: "c")).watchingRows
    #expect(folds.map(\.count).sorted() == sizes && Set(folds.flatMap { $0 }).count == 180)
    for fold in folds { #expect(Set(fold.map { groups[Int($0)] }).count == 1) }
    learner.recipe.members = 2
    #expect(try learner.prepare(Examples(table, target: "c")).watchingRows.map(\.count).sorted() == [70, 110])
    learner.recipe.members = 7
    #expect { try learner.prepare(Examples(table, target: "c")) } throws: {
      "\($0)".contains("6 groups of rows can't be parted in 7")
    }
  }

  @Test("The probabilities are the mean of the members' logarithms at the model's temperature")
  func probabilities() throws {
    let table = Self.table()
    let model = try Self.learner(members: 3).prepare(Examples(table, target: "c")).train().model
    let together = try ModelPredictor(model).predict(.table(table)).probabilities
    let alone = try model.members.map { member in
      var single = model
      single.members = [member]
      single.temperature = 1
      return try ModelPredictor(single).predict(.table(table)).probabilities
    }
    for row in 0..<table.rowCount {
      let logits = (0..<3).map { column in
        alone.reduce(0.0) { $0 + log(Double($1[row, column])) } / 3 / model.temperature
      }
      let sum = logits.reduce(0) { $0 + exp($1) }
      for column in 0..<3 { #expect(abs(Double(together[row, column]) - exp(logits[column]) / sum) < 1e-5) }
    }
  }

  @Test("Values are the mean of the members', held within the answers that they were trained on")
  func values() throws {
    let x = (0..<120).map { Double($0) / 10 }
    let table = Table([
      Column(name: "x", kind: .numeric, values: .numbers(.init(x))),
      Column(name: "y", kind: .numeric, values: .numbers(.init(x.map { 3 * $0 - 5 }))),
    ])
    let model = try Self.learner(members: 3).prepare(Examples(table, target: "y")).train().model
    #expect(model.limits == -5...(3 * 11.9 - 5))
    var narrow = model
    narrow.limits = 100...101
    #expect(try ModelPredictor(narrow).predict(.table(table.select(rows: [0, 119]))).values == [100, 100])
    let alone = try model.members.map { member in
      var single = model
      single.members = [member]
      single.limits = nil
      return try ModelPredictor(single).predict(.table(table)).values
    }
    for (row, value) in try ModelPredictor(model).predict(.table(table)).values.enumerated() {
      let mean = alone.reduce(0) { $0 + $1[row] } / 3
      #expect(abs(value - min(max(mean, -5), 3 * 11.9 - 5)) < 1e-4)
    }
  }

  @Test("Answers stay within those of the training rows, of one network too; linear models go on")
  func limits() throws {
    let table = Table([
      Column(name: "x", kind: .numeric, values: .numbers([1, 2, 3])),
      Column(name: "y", kind: .numeric, values: .numbers([2, 4, 6])),
    ])
    let far = Table([Column(name: "x", kind: .numeric, values: .numbers([-100, 2, 1e6])), table.columns[1]])
    var learner = Learner()
    for (layers, isLimited) in [(nil, true), ([Int](), false)] {
      learner.recipe.layers = layers
      let learned = try learner.prepare(Examples(table, target: "y")).train()
      let answers = try ModelPredictor(learned.model).predict(.table(far)).values
      #expect(answers.allSatisfy { (2...6).contains($0) } == isLimited, "\(answers)")
    }
  }

  @Test("A file holds all members, and gives the same predictions; one without them is of the first format")
  func file() throws {
    let table = Self.table()
    let model = try Self.learner(members: 3).prepare(Examples(table, target: "c")).train().model
    let again = try Model(decoding: model.encoded())
    #expect(again.temperature == model.temperature && again.record == model.record)
    #expect(try again.encoded() == model.encoded())
    let (a, b) = (try ModelPredictor(model), try ModelPredictor(again))
    #expect(try a.predict(.table(table)).probabilities == b.predict(.table(table)).probabilities)
    let single = try Self.learner(members: 1).prepare(Examples(table, target: "c")).train().model
    #expect(String(decoding: try single.encoded(), as: UTF8.self).contains(#""format_version":"1""#))
    #expect(String(decoding: try model.encoded(), as: UTF8.self).contains(#""format_version":"2""#))
  }

  @Test("The bits are the same on any number of threads")
  func threads() throws {
    let examples = try Examples(Self.table(), target: "c")
    let files = try [1, 3].map { threads in
      var learner = Self.learner(members: 3)
      learner.threads = threads
      return try learner.prepare(examples).train().model.encoded()
    }
    #expect(files[0] == files[1])
  }

  @Test("Events come one member's after the other's, on any number of threads")
  func events() throws {
    let examples = try Examples(Self.table(), target: "c")
    let told = try [1, 3].map { threads in
      var learner = Self.learner(members: 5)
      learner.threads = threads
      var lines: [String] = []
      _ = try learner.prepare(examples).train { event in
        switch event {
        case .member(let number, let count): lines.append("member \(number) of \(count)")
        case .epoch(let epoch): lines.append("epoch \(epoch.epoch) \(epoch.loss) \(epoch.validationLoss ?? 0)")
        case .step(let step): lines.append("step \(step.step) \(step.loss)")
        case .ended(let ending): lines.append("\(ending)")
        default: break
        }
      }
      return lines
    }
    #expect(told[0] == told[1] && told[0].count { $0.hasPrefix("member") } == 5)
  }

  @Test("What comes of a training that runs away is the same on any number of threads")
  func divergence() throws {
    let examples = try Examples(Self.table(), target: "c")
    let found = [1, 3].map { threads in
      var learner = Self.learner(members: 5)
      (learner.threads, learner.recipe.learningRate, learner.recipe.epochs) = (threads, 3, 40)
      do {
        _ = try learner.prepare(examples).train()
        return "it went well"
      } catch let error as DivergedLearning {
        return "\(error) \(error.lastGood?.members.count ?? 0)"
      } catch { return "\(error)" }
    }
    #expect(found[0] == found[1] && found[0].contains("network "), "\(found)")
  }

  @Test("Rows that can't take turns are refused, and so are fewer rows than members")
  func refusals() throws {
    var learner = Self.learner(members: 3)
    let table = Self.table()
    learner.split = .latest(by: try #require(table["a"]))
    #expect(throws: LearningError.self) { try learner.prepare(Examples(table, target: "c")) }
    #expect(throws: LearningError.self) {
      try Self.learner(members: 200).prepare(Examples(table, target: "c"))
    }
    #expect(throws: LearningError.self) { try Self.learner(members: 0).prepare(Examples(table, target: "c")) }
  }

  @Test("A temperature undoes what made probabilities too sure")
  func temperature() throws {
    // Labels drawn from known probabilities, and those probabilities sharpened by 2: T is 2.
    var random = RandomStream(seed: 9, purpose: .split)
    var outputs: [Float] = [], classes: [Int32] = []
    for _ in 0..<20_000 {
      let p = 0.02 + 0.96 * random.uniform()
      classes.append(random.uniform() < p ? 1 : 0)
      let sharp = p * p / (p * p + (1 - p) * (1 - p))
      outputs += [Float(1 - sharp), Float(sharp)]
    }
    let found = Temperature.fitting(Matrix(rows: 20_000, columns: 2, elements: outputs), classes)
    #expect(abs(found - 2) < 0.1)
  }
}
