import DownhillCompute
import DownhillNetwork
import DownhillTraining
import Foundation
import Testing

@Suite("L-BFGS") struct LBFGSTests {
  /// Made by `Scripts/fixtures/minimization_fixtures.py`.
  struct Case: Decodable {
    let penalty: Double
    let columns: Int
    let inputs: [Float]
    let classes: [Int32]
    let loss: Double
    let weights, bias: [Double]

    var samples: Samples {
      Samples(
        inputs: Matrix(rows: classes.count, columns: columns, elements: inputs), targets: .classes(classes))
    }
  }

  static func read(_ number: Int) throws -> Case {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Fixtures/minimization")
    return try JSONDecoder().decode(Case.self, from: Data(contentsOf: folder.appending(path: "softmax-\(number).json")))
  }

  private static let network = Network(inputs: 6) {
    Linear(3)
    Softmax()
  }

  private func minimize(_ number: Int, threads: Int = 1) throws -> (Case, LBFGS.Minimum) {
    let reference = try Self.read(number)
    let minimum = try LBFGS(penalty: reference.penalty).minimize(
      Self.network, loss: .crossEntropy, samples: reference.samples, from: Self.network.zeroParameters(),
      threads: threads)
    return (reference, minimum)
  }

  @Test("It gets to the minimum that SciPy finds", arguments: [0, 1])
  func agreesWithSciPy(number: Int) throws {
    let (reference, minimum) = try minimize(number)
    #expect(minimum.ending != .iterations)
    #expect(abs(minimum.losses.last! - reference.loss) < 1e-6 * reference.loss)
    let expected = reference.weights + reference.bias
    let largest = expected.map { abs($0) }.max()!
    for (found, expected) in zip(minimum.parameters.vector.elements, expected) {
      #expect(abs(Double(found) - expected) < 2e-3 * largest)
    }
    // Every step goes down, and few evaluations are spent on each, but for two searches in vain where floats end.
    #expect(zip(minimum.losses, minimum.losses.dropFirst()).allSatisfy { $1 < $0 })
    let counts = "\(minimum.evaluations) evaluations, \(minimum.losses.count) points, \(minimum.ending)"
    #expect(minimum.losses.count < 150 && minimum.evaluations < 2 * minimum.losses.count + 55, "\(counts)")
  }

  @Test func threadsChangeNoBit() throws {
    let (one, three) = (try minimize(1).1, try minimize(1, threads: 3).1)
    #expect(one.parameters == three.parameters && one.losses == three.losses)
  }

  @Test func aCurveIsFittedInAFewSteps() throws {
    let network = Network(inputs: 1) {
      Linear(8)
      Tanh()
      Linear(1)
    }
    let minimum = try LBFGS(iterations: 300).minimize(
      network, loss: .meanSquaredError, samples: Problems.sine(rows: 60), seed: 1)
    #expect(minimum.losses.last! < 1e-4)
  }

  @Test func aLimitOfIterationsIsKept() throws {
    let minimum = try LBFGS(iterations: 3).minimize(
      Self.network, loss: .crossEntropy,
      samples: Samples(
        inputs: Problems.normal(rows: 30, columns: 6, seed: 1), targets: .classes((0..<30).map { Int32($0 % 3) })))
    #expect(minimum.losses.count == 4 && minimum.ending == .iterations)
  }

  @Test func settingsThatMakeNoSenseAreRefused() {
    for (settings, reason) in [
      (LBFGS(memory: 0), "L-BFGS remembers at least one step, not 0"),
      (LBFGS(penalty: -1), "a penalty is a number of at least 0, not -1.0"),
      (LBFGS(tolerance: .nan), "L-BFGS's tolerance is at least 0, not nan"),
    ] {
      #expect(settings.objection == reason)
      #expect(throws: TrainingError.self) {
        try settings.minimize(Self.network, loss: .crossEntropy, samples: Problems.noise(rows: 3, columns: 6, seed: 1))
      }
    }
  }
}

@Suite("The line search") struct WolfeSearchTests {
  /// φ and φ′: Moré and Thuente's first two test functions, a quartic, and one with many dips.
  static let functions: [(name: String, value: @Sendable (Double) -> Double, slope: @Sendable (Double) -> Double)] = [
    ("−t / (t² + 2)", { -$0 / ($0 * $0 + 2) }, { ($0 * $0 - 2) / (($0 * $0 + 2) * ($0 * $0 + 2)) }),
    (
      "(t + 0.004)⁵ − 2 (t + 0.004)⁴", { power($0 + 0.004, 5) - 2 * power($0 + 0.004, 4) },
      { 5 * power($0 + 0.004, 4) - 8 * power($0 + 0.004, 3) }
    ),
    ("(t − 3)⁴", { power($0 - 3, 4) }, { 4 * power($0 - 3, 3) }),
    ("t²/20 − t + cos 4t", { $0 * $0 / 20 - $0 + cos(4 * $0) }, { $0 / 10 - 1 - 4 * sin(4 * $0) }),
  ]

  @Test("Its point meets the strong Wolfe conditions", arguments: functions.indices, [1e-3, 0.1, 1, 10, 1000])
  func conditions(index: Int, first: Double) throws {
    let function = Self.functions[index]
    func point(_ t: Double) -> LinePoint {
      LinePoint(length: t, value: function.value(t), slope: function.slope(t))
    }
    let start = point(0), search = WolfeSearch()
    var evaluations = 0
    let found = try #require(
      search.point(from: start, first: first) {
        evaluations += 1
        return point($0)
      })
    #expect(found.value <= start.value + search.decrease * found.length * start.slope)
    #expect(abs(found.slope) <= -search.curvature * start.slope, "\(function.name)")
    #expect(evaluations <= search.mostEvaluations)
  }

  @Test func valuesThatAreNotNumbersAreTooHigh() throws {
    // −log(1 − t) + (t − 0.5)² · 8: there is nothing beyond 1.
    func point(_ t: Double) -> LinePoint {
      LinePoint(
        length: t, value: t < 1 ? -log(1 - t) + 8 * (t - 0.5) * (t - 0.5) : .nan,
        slope: t < 1 ? 1 / (1 - t) + 16 * (t - 0.5) : .nan)
    }
    let found = try #require(WolfeSearch().point(from: point(0), first: 5) { point($0) })
    #expect(found.length < 1 && found.value < point(0).value)
  }
}
