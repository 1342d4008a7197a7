import ArgumentParser
import Downhill

struct FindRate: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "find-rate",
    abstract: "Look for a learning rate: let it grow while training, and draw the loss.",
    discussion: """
      Leslie Smith's range test: a few hundred steps, each with a rate that is a little larger, until the loss runs away. A \
      good rate is where the loss falls most steeply. Takes the options of train, and saves nothing.

        downhill find-rate penguins.csv --target species
        downhill find-rate penguins.csv --target species --optimizer sgd --from 1e-4 --to 10
      """)

  @OptionGroup var train: Train

  @Option(parsing: .unconditional, help: ArgumentHelp("The lowest rate.", valueName: "rate"))
  var from = RateRange().lowest

  @Option(parsing: .unconditional, help: ArgumentHelp("The highest rate.", valueName: "rate"))
  var to = RateRange().highest

  @Option(parsing: .unconditional, help: ArgumentHelp("Steps from the one to the other.", valueName: "count"))
  var steps = RateRange().steps

  func run() throws {
    let (examples, _) = try train.read()
    let learning = try train.learner(for: examples).prepare(examples)
    Interruption.listen()
    let curve = try learning.findRate(range: RateRange(from: from, to: to, steps: steps), stop: Interruption.stop)
    if train.json { return printJSON(json(curve)) }
    if !train.quiet {
      for line in Terminal.isTerminal ? RatePlot(curve).lines : RateTable(curve).lines { Terminal.print(line) }
      Terminal.print()
      if curve.diverged {
        Terminal.print("The loss ran away at the rate \(Format.number(curve.points.last?.rate ?? to)).")
      }
    }
    guard let rate = curve.suggestion else {
      throw Failure(
        code: Failure.data,
        "the loss doesn't fall at any of these rates. Try other bounds with --from and --to, more --steps, or larger batches"
      )
    }
    Terminal.print("Suggested: --learning-rate \(Format.number(rate, digits: 2))")
  }

  private func json(_ curve: RateCurve) -> [(String, JSONValue)] {
    [
      ("suggestion", curve.suggestion.map { JSONValue($0) } ?? .null), ("diverged", .boolean(curve.diverged)),
      ("rates", .array(curve.points.map { JSONValue($0.rate) })),
      ("losses", .array(curve.points.map { JSONValue($0.loss) })),
      ("smoothed", .array(curve.points.map { JSONValue($0.smoothed) })),
    ]
  }
}
