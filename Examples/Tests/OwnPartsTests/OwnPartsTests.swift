import Downhill
import Foundation
import OwnParts
import Testing

@Suite("Parts of one's own")
struct OwnPartsTests {
  private let outputs = Matrix(rows: 20, columns: 1, elements: (0..<20).map { Float(($0 * 7) % 20) / 8 - 1 })
  private let targets = Targets.values(
    Matrix(rows: 20, columns: 1, elements: (0..<20).map { Float(($0 * 3) % 20) / 8 - 1.1 }))

  @Test("keep what their protocols promise")
  func conform() throws {
    #expect(try checkConformance(of: RadialBasis(5), inputs: [1, 3, 40]).isEmpty)
    #expect(try checkConformance(of: LogCosh(), predictions: outputs, targets: targets).isEmpty)
    #expect(checkConformance(of: Signum()).isEmpty)
    #expect(checkConformance(of: InverseSquareRoot()).isEmpty)
    let samples = Samples(inputs: outputs, targets: targets)
    #expect(checkConformance(of: ShareWithin(0.5), outputs: outputs, samples: samples).isEmpty)
  }

  @Test("train a table together, and come back from the model's file")
  func train() throws {
    // y = sin x, which a line doesn't follow.
    let x = (0..<400).map { Double($0) / 60 - 3.3 }
    let table = Table([
      Column(name: "x", kind: .numeric, values: .numbers(x)),
      Column(name: "y", kind: .numeric, values: .numbers(x.map { sin($0) })),
    ])
    var recipe = Recipe.default
    recipe.loss = LossSetting(LogCosh())
    recipe.schedule = ScheduleSetting(InverseSquareRoot(warmUp: 0.1))
    recipe.learningRate = 0.01
    recipe.epochs = 100
    var learner = Learner(recipe)
    learner.layers = [RadialBasis(16, sharpness: 3)]
    learner.optimizer = Signum()
    learner.metrics = [ShareWithin(0.5)]
    let learned = try learner.prepare(Examples(table, target: "y")).train()
    let record = learned.model.record
    #expect(record.metrics["r2"]! > 0.95)
    #expect(record.history.last!.metrics["share within 0.5"]! > 0.9)
    #expect(record.optimizer == "Signum(0.9)")

    let bytes = try learned.model.encoded()
    #expect(throws: FileError.self) { try Model(decoding: bytes) }
    let catalogs = Catalogs(
      layers: .standard + [RadialBasis.self], losses: .standard + [LogCosh.self],
      schedules: .standard + [InverseSquareRoot.self])
    let again = try Model(decoding: bytes, catalogs: catalogs)
    #expect(again.record == record)
    #expect(try again.encoded() == bytes)
  }
}
