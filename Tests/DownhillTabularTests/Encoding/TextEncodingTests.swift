import DownhillCompute
import DownhillTables
import DownhillTabular
import Foundation
import Testing

@Suite("Texts as the words that they have") struct TextEncodingTests {
  /// 400 texts of a word that decides, words that don't, and one of the row's own; every seventh is missing.
  private func examples(rows: Int = 400) throws -> Examples {
    let words = ["red", "green", "blue", "dark", "light"]
    let lines = (0..<rows).map { row in
      let text = row % 7 == 6 ? "" : "\(words[row % 5]) \(words[row / 3 % 5]) item\(row) \(row < 4 ? "rare" : "thing")"
      return "\"\(text)\",\(row % 5 == 0 ? "yes" : "no")"
    }
    return try Examples(
      Table(contentsOf: .text((["t,y"] + lines).joined(separator: "\n") + "\n"), target: "y"), target: "y")
  }

  private func prepare(_ examples: Examples, _ change: (inout Recipe) -> Void = { _ in }) throws -> Learning {
    var learner = Learner()
    (learner.recipe.members, learner.recipe.layers, learner.recipe.epochs) = (1, [16], 20)
    change(&learner.recipe)
    return try learner.prepare(examples)
  }

  private func names(_ learning: Learning) -> [String] {
    if case .table(let encoder) = learning.encoder { encoder.names } else { [] }
  }

  @Test("words that are frequent, but not everywhere, have a column, the most frequent first; so has a missing text")
  func columns() throws {
    let learning = try prepare(examples())
    #expect(
      Set(names(learning))
        == ["t has red", "t has green", "t has blue", "t has dark", "t has light", "t is missing"])
    #expect(names(learning).last == "t is missing")
    #expect(names(try prepare(examples()) { $0.mostWords = 2 }).count == 3)
    let coder = try JSONDecoder().decode(FeatureEncoder.self, from: JSONEncoder().encode(learning.encoder))
    #expect(coder == learning.encoder)
  }

  @Test("a row has 1 for each of its words, however often it has them, and 0 for the others")
  func rows() throws {
    let learning = try prepare(examples())
    let schema = try #require(try examples().table?.schema)
    let table = try Table(
      contentsOf: .text("t,y\nRED red; never-seen,no\n,no\nblue/DARK,no\n\"\",no\n"), schema: schema)
    let (matrix, report) = try learning.encoder.encode(.table(table))
    let places = Dictionary(uniqueKeysWithValues: names(learning).enumerated().map { ($1, $0) })
    let marked = (0..<4).map { row in
      Set(places.filter { matrix[row, $0.value] == 1 }.keys)
    }
    #expect(
      marked == [["t has red"], ["t is missing"], ["t has blue", "t has dark"], ["t is missing"]])
    #expect(report.unseen.isEmpty)
  }

  @Test("a network learns from them, and its file predicts the same")
  func learned() throws {
    let examples = try examples()
    let model = try prepare(examples).train().model
    #expect(model.record.metrics["accuracy"] ?? 0 > 0.95)
    let again = try Model(decoding: model.encoded())
    let (a, b) = (try ModelPredictor(model), try ModelPredictor(again))
    #expect(try a.predict(examples.features).probabilities == b.predict(examples.features).probabilities)
    #expect(String(decoding: try model.encoded(), as: UTF8.self).contains(#""format_version":"2""#))
  }

  @Test("recipes that don't learn from words leave texts out, and their models don't ask for them")
  func leftOut() throws {
    let lines = (0..<100).map {
      "\"red green blue dark light item\($0) \($0 % 3 == 0 ? "small" : "tall")\",\($0),\($0 % 2)"
    }
    let table = try Table(contentsOf: .text((["t,x,y"] + lines).joined(separator: "\n") + "\n"), target: "y")
    let examples = try Examples(table, target: "y")
    for change in [{ (recipe: inout Recipe) in recipe.mostWords = 0 }, { $0.version = 1 }, { $0 = .plain }] {
      let learning = try prepare(examples) {
        change(&$0)
        ($0.layers, $0.epochs, $0.validation) = ([4], 2, 0.2)
      }
      #expect(!names(learning).contains { $0.hasPrefix("t") })
      #expect(try learning.train().model.schema?["t"]?.kind == .identifier)
    }
  }
}

extension Examples {
  fileprivate var table: Table? { if case .table(let table) = features { table } else { nil } }
}
