import DownhillTrees
import Testing

@Suite("How far one of two models is ahead")
struct PairedLeadTests {
  struct Leads: Decodable { let leads: [Lead] }

  struct Lead: Decodable, Sendable {
    let first: [Double]
    let second: [Double]
    let value: Double
    let low: Double
    let high: Double
  }

  @Test("The interval of RMSE is that of SciPy's paired bootstrap", arguments: (fixture("leads.json") as Leads).leads)
  func rmse(_ expected: Lead) {
    let lead = PairedLead.rmse(expected.first, over: expected.second)
    #expect(abs(lead.value - expected.value) < 1e-9)
    // Bootstraps are random, and not quite symmetric.
    let width = expected.high - expected.low
    #expect(abs(lead.interval.lowerBound - expected.low) < 0.06 * width)
    #expect(abs(lead.interval.upperBound - expected.high) < 0.06 * width)
  }

  @Test("The interval of accuracy is Agresti's and Min's")
  func accuracy() {
    // 80 rows that both have right, 12 and 5 that one has, 3 that none has: worked out by hand.
    func rows(_ counts: [(Bool, Int)]) -> [Bool] { counts.flatMap { [Bool](repeating: $0, count: $1) } }
    let lead = PairedLead.accuracy(
      rows([(true, 80), (true, 12), (false, 5), (false, 3)]),
      over: rows([(true, 80), (false, 12), (true, 5), (false, 3)]))
    #expect(abs(lead.value - 0.07) < 1e-12)
    // (12.5 − 5.5) / 102 ± 1.959964 √(18 − 49 / 102) / 102
    #expect(abs(lead.interval.lowerBound - (0.068627451 - 0.080429)) < 1e-5)
    #expect(abs(lead.interval.upperBound - (0.068627451 + 0.080429)) < 1e-5)
  }

  @Test("One row of ten is not certain, and equal models have no lead")
  func few() {
    let one = [true] + [Bool](repeating: false, count: 9), nobody = [Bool](repeating: false, count: 10)
    #expect(PairedLead.accuracy(one, over: nobody).interval.lowerBound < 0)
    #expect(PairedLead.accuracy(one, over: one).value == 0)
    #expect(PairedLead.rmse([1, -2], over: [1, -2]).value == 0 && PairedLead.rmse([0, 0], over: [0, 0]).value == 0)
    #expect(PairedLead.rmse([0, 0], over: [1, 0]).value == .infinity)
    // Whatever the unit, also where squares overflow or vanish.
    let plain = PairedLead.rmse([1, -2, 3], over: [2, 2, -3])
    for unit in [0x1p900, 0x1p-900] {
      let scaled = PairedLead.rmse([unit, -2 * unit, 3 * unit], over: [2 * unit, 2 * unit, -3 * unit])
      #expect(
        abs(scaled.value - plain.value) < 1e-12 && abs(scaled.interval.upperBound - plain.interval.upperBound) < 1e-12)
    }
    #expect(PairedLead.rmse([.infinity, 0], over: [1, 0]).value == 0)
  }
}
