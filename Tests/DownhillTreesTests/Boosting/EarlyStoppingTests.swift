import DownhillCompute
import DownhillTables
import DownhillTraining
import DownhillTrees
import Testing

@Suite("Ending in time")
struct EarlyStoppingTests {
  private static func samples(_ seed: UInt64) -> (Table, [Double]) {
    var random = RandomStream(seed: seed, purpose: .check)
    let x: [Double] = (0..<300).map { _ in random.normal() }, y: [Double] = (0..<300).map { _ in random.normal() }
    let answers: [Double] = x.map { $0 + random.normal() * 2 }
    return (table([x, y]), answers)
  }

  private static func fit(_ options: BoostingOptions) -> BoostedTrees {
    let (learned, answers) = samples(1), (watched, others) = samples(2)
    let bins = TableBins(fitting: learned, rows: learned.allRows, target: "")
    return BoostedTrees(
      fitting: TreeSamples(bins.encode(learned, rows: learned.allRows), .values(answers)), bins,
      validation: TreeSamples(bins.encode(watched, rows: watched.allRows), .values(others)), options: options)
  }

  @Test("The rounds up to the lowest loss of the validation rows are kept")
  func keepsBest() throws {
    var options = BoostingOptions()
    options.patience = 15
    let trees = Self.fit(options)
    let losses = trees.validationLosses
    let best = try #require(losses.indices.min { losses[$0] < losses[$1] })
    #expect(trees.roundCount == best + 1 && losses.count == best + 16 && !trees.isCutShort)
  }

  @Test("Time that is over, and whoever asks to stop, end it with what there is")
  func cutShort() {
    var options = BoostingOptions()
    options.seconds = 0
    #expect(Self.fit(options).isCutShort && Self.fit(options).roundCount == 0)
    options.seconds = nil
    options.stop = StopSignal()
    options.stop?.request()
    #expect(Self.fit(options).isCutShort)
  }
}
