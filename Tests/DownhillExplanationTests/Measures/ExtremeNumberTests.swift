import DownhillExplanation
import DownhillTables
import DownhillTabular
import Foundation
import Testing

@Suite("Explanations of extreme numbers") struct ExtremeNumberTests {
  @Test(
    "columns and targets as far apart as numbers can be are explained, and make a page",
    arguments: [("1e308", 1.0), ("-1e308", 1e300), ("1e-320", 1e-300)])
  func extremes(far: String, unit: Double) throws {
    let rows = (0..<60).map {
      "\($0 % 3 == 0 ? far : $0 % 3 == 1 ? "-\(far)".replacing("--", with: "") : "1"),\(Double($0 * 7 % 11) * unit)"
    }
    let table = try Table(
      contentsOf: .text("a,y\n" + rows.joined(separator: "\n") + "\n"),
      overrides: SchemaOverrides(numeric: ["a", "y"], categorical: [], dates: [], ignore: []), target: "y")
    let examples = try Examples(table, target: "y")
    var recipe = Recipe.fast
    (recipe.layers, recipe.epochs) = ([8], 2)
    let learned = try Learner(recipe).prepare(examples).train()
    let explanation = try Explainer().explain(learned.judgement)
    let page = Report(explanation, name: "m").html
    #expect(page.contains("</html>"))
  }
}
