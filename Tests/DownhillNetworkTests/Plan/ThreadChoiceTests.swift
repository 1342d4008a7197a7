import DownhillNetwork
import Testing

/// On a made-up machine, where a step takes a time that is known for each number of threads.
@Suite struct ThreadChoiceTests {
  /// Nanoseconds that many steps take in all, and the number of threads at the end.
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
    #expect(total < 1.03 * 20_000 * 1000)
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

  @Test func oneThreadIsNoChoice() {
    let choice = ThreadChoice(threads: 1)
    #expect(!choice.isOpen && choice.threads == 1)
  }
}
