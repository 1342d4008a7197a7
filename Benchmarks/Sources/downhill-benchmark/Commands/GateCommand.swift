import ArgumentParser

struct GateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gate",
    abstract: "Compares the instructions that some work takes with the committed counts.",
    discussion: """
      Counted by valgrind's callgrind, which is repeatable where times are not. valgrind 3.19 has no AVX-512, so what \
      runs there is what processors with AVX2 run.
      """)

  @Option(help: "This program without debugging information.")
  var program: String

  @Option(help: "The file of counts.")
  var counts: String

  @Option(help: "The compiler that made the program, in its own words.")
  var compiler: String

  @Flag(help: "Write the counts instead of comparing with them.")
  var update = false

  @Flag(help: "Fail where the counts hold for another compiler or instruction set, instead of judging nothing.")
  var strict = false

  func run() throws {
    let counter = InstructionCounter(program: program)
    let instructionSet = try counter.instructionSet()
    if update {
      let found = try GateCase.allCases.map { ($0.rawValue, try counter.count($0)) }
      let counts = GateCounts(
        compiler: compiler, instructionSet: instructionSet, counts: Dictionary(uniqueKeysWithValues: found))
      try counts.write(to: self.counts)
      return print("\(found.count) counts written to \(self.counts); commit it with what changed them.")
    }
    let committed = try GateCounts(reading: counts)
    guard committed.instructionSet == instructionSet else {
      return try refuse(
        "skipped",
        "the counts are of \(committed.instructionSet), and under valgrind this machine has \(instructionSet)")
    }
    // Counts that nobody judges are still worth seeing.
    if !strict || compiler == committed.compiler { try compare(with: committed, counter) }
    if compiler != committed.compiler {
      try refuse(
        "not judged", "the counts were made with \(committed.compiler), this program with \(compiler)")
    }
  }

  /// Says that there is nothing to judge by: a failure where it would go unnoticed.
  private func refuse(_ what: String, _ reason: String) throws {
    print("gate: \(strict ? "failed" : what): \(reason). Make the counts anew: make gate-update, and commit the file.")
    if strict { throw ExitCode.failure }
  }

  private func compare(with committed: GateCounts, _ counter: InstructionCounter) throws {
    var rows = [["instructions of", "committed", "now", "change"]]
    var grown: [String] = []
    for work in GateCase.allCases {
      let now = try counter.count(work)
      guard let before = committed.counts[work.rawValue] else {
        rows.append([work.rawValue, "–", "\(now)", "new"])
        grown.append("\(work.rawValue) has no committed count")
        continue
      }
      let change = Double(now) / Double(before) - 1
      let percent = (change >= 0 ? "+" : "−") + fixed(100 * abs(change), 1) + " %"
      rows.append([work.rawValue, "\(before)", "\(now)", percent])
      if change > committed.tolerance {
        grown.append("\(work.rawValue) grew from \(before) to \(now) instructions, by \(fixed(100 * change, 1)) %")
      }
    }
    print(table(rows))
    if compiler != committed.compiler { return }
    guard grown.isEmpty else {
      print("gate: failed; up to \(fixed(100 * committed.tolerance, 0)) % are let pass:")
      for line in grown { print("  \(line)") }
      print("If that is the price of something better, accept the new counts: make gate-update, and commit the file.")
      throw ExitCode.failure
    }
    print("gate: passed")
  }
}
