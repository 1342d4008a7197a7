import DownhillCompute
import DownhillNetwork
import Testing

/// On a made-up machine with a made-up clock, where a step takes a time that is known for each number of threads.
@Suite struct ThreadChoiceTests {
  /// Nanoseconds that many steps take in all, and the number of threads of each.
  func run(
    _ choice: inout ThreadChoice, steps: Int, nanoseconds: (_ threads: Int) -> Double
  ) -> (total: Double, threads: [Int]) {
    var total = 0.0, threads: [Int] = []
    for _ in 0..<steps {
      threads.append(choice.threads)
      let time = nanoseconds(choice.threads)
      total += time
      choice.record(nanoseconds: time)
    }
    return (total, threads)
  }

  @Test("The number that is fastest is found, and others cost little", arguments: [1, 2, 4, 8, 12])
  func findsTheFastest(best: Int) {
    var choice = ThreadChoice(threads: 12)
    func time(_ threads: Int) -> Double { threads == best ? 1000 : 1000 + 300 * Double(abs(threads - best)) }
    _ = run(&choice, steps: 2_000, nanoseconds: time)
    let (total, threads) = run(&choice, steps: 20_000, nanoseconds: time)
    #expect(threads.count { $0 == best } > 19_000)
    #expect(total < 1.01 * 20_000 * 1000)
  }

  /// A thread more than is good costs from little to much, as where someone else is busy on its processor.
  @Test(arguments: [1.01, 1.1, 1.5, 3, 10, 100])
  func twoThreadsAreNeverSlowerThanOneForLong(factor: Double) {
    var choice = ThreadChoice(threads: 2)
    func time(_ threads: Int) -> Double { threads == 1 ? 1000 : factor * 1000 }
    let (begin, _) = run(&choice, steps: 2_000, nanoseconds: time)
    #expect(begin < 2_000 * 1000 * 1.02 + 30 * factor * 1000)
    let (total, _) = run(&choice, steps: 20_000, nanoseconds: time)
    // Not one trial more than the hundredth allows, or two while it is young.
    #expect(total < 1.01 * 20_000 * 1000 + 10 * factor * 1000)
  }

  @Test func aChangeOfTheMachineIsNoticed() {
    var choice = ThreadChoice(threads: 2)
    _ = run(&choice, steps: 5_000) { $0 == 2 ? 500 : 900 }
    #expect(choice.threads == 2)
    // Someone else is busy on the second processor.
    let (_, threads) = run(&choice, steps: 5_000) { $0 == 2 ? 2_000 : 1_000 }
    #expect(threads.suffix(1_000).count { $0 == 1 } > 900)
    let (_, back) = run(&choice, steps: 5_000) { $0 == 2 ? 500 : 900 }
    #expect(back.suffix(1_000).count { $0 == 2 } > 900)
  }

  @Test("Wherever a disturbance falls, a trial too, two threads are back soon after it", arguments: [3, 10, 25])
  func recoversFromDisturbances(length: Int) {
    for start in 0..<300 {
      var choice = ThreadChoice(threads: 2)
      _ = run(&choice, steps: 100 + start) { $0 == 2 ? 1_340 : 2_457 }
      _ = run(&choice, steps: length) { $0 == 2 ? 8_000 : 2_457 }
      let (_, after) = run(&choice, steps: 400) { $0 == 2 ? 1_340 : 2_457 }
      #expect(after.count { $0 == 2 } > 250 && after.suffix(100).count { $0 == 2 } > 85, "at \(start)")
    }
  }

  @Test("Steps that are interrupted now and then mislead nobody", arguments: 1...20)
  func isNotMisledByInterruptions(seed: UInt64) {
    var random = RandomStream(seed: seed, purpose: .check)
    var choice = ThreadChoice(threads: 2)
    _ = run(&choice, steps: 500) { ($0 == 2 ? 1_340 : 2_457) * (random.uniform() < 0.03 ? 6 : 1) }
    let (_, threads) = run(&choice, steps: 20_000) { ($0 == 2 ? 1_340 : 2_457) * (random.uniform() < 0.03 ? 6 : 1) }
    #expect(threads.count { $0 == 2 } > 18_800)
  }

  @Test func oneThreadIsNoChoice() {
    let choice = ThreadChoice(threads: 1)
    #expect(!choice.isOpen && choice.threads == 1)
  }
}
