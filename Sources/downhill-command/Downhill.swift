import ArgumentParser
import Downhill

/// The command: what the library does, for a shell.
struct DownhillCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "downhill",
    abstract: "Trains neural networks on tables and images, and predicts with them.",
    discussion: """
      A table in, a trained network out:

        downhill train penguins.csv --target species --holdout 0.2
        downhill predict penguins.safetensors new.csv

      A model is one file that carries its own preprocessing. Exit codes follow sysexits: 64 usage, 65 data, 66 no \
      input, 69 a library is missing, 70 internal, 73 can't create, 74 input or output failed; 130 interrupted.
      """,
    version: downhillVersion,
    subcommands: [
      Train.self, Tune.self, FindRate.self, Evaluate.self, Explain.self, Predict.self, Inspect.self, Runs.self,
    ])
}
