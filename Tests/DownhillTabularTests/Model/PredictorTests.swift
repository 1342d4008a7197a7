import DownhillCompute
import DownhillNetwork
import DownhillTables
import DownhillTabular
import DownhillTraining
import Testing

@Suite("A model at work") struct PredictorTests {
  private static let text =
    "x,c,y\n" + (0..<40).map { "\($0).5,\($0 % 3 == 0 ? "u" : "v"),\($0 < 20 ? "a" : "b")\n" }.joined()

  private func model() throws -> Model {
    let table = try Table(contentsOf: .text(Self.text), target: "y")
    return try Learner(quick()).prepare(Examples(table, target: "y")).train().model
  }

  @Test("columns are found by name: their order and others between them change nothing")
  func columnsByName() throws {
    let model = try model()
    let schema = try #require(model.schema)
    func predict(_ text: String) throws -> Matrix {
      let table = try Table(contentsOf: .text(text), schema: schema, skipping: ["y"])
      return try ModelPredictor(model).predict(.table(table)).probabilities
    }
    let plain = try predict("x,c\n1,u\n30.5,v\n")
    #expect(try predict("more,c,x\n9,u,1\n8,v,30.5\n") == plain)
    #expect(throws: TableError.self) { try predict("x,d\n1,u\n") }
    #expect(throws: TableError.self) { try predict("x,c\none,u\n") }
  }

  @Test("what was not seen in training is counted")
  func unseen() throws {
    let model = try model()
    let table = try Table(contentsOf: .text("x,c\n1,w\n2,u\n3,z\n"), schema: model.schema!, skipping: ["y"])
    let report = try ModelPredictor(model).predict(.table(table)).report
    #expect(report.unseen.elementsEqual([("c", 2)]) { $0 == $1 })
  }

  @Test("images and tables are not taken for each other")
  func kinds() throws {
    let images = try Images(dimensions: [2, 2], bytes: [UInt8](0..<8))
    #expect(throws: LearningError.self) { try ModelPredictor(model()).predict(.images(images)) }
  }

  @Test("numbers beyond all that was learned still give probabilities")
  func extremes() throws {
    let model = try model()
    let table = try Table(contentsOf: .text("x,c\n1e308,u\n-1e308,v\n"), schema: model.schema!, skipping: ["y"])
    let probabilities = try ModelPredictor(model).predict(.table(table)).probabilities
    for row in 0..<2 { #expect(abs(probabilities.row(row).reduce(0, +) - 1) < 1e-5) }
  }
}
