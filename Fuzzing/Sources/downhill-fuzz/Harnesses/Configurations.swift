import ArgumentParser
import Downhill

/// Configurations in YAML, and what the parser of arguments makes of the options that they become.
let configurations = Harness(name: "configurations", seeds: { configurationSeeds.map { Array($0.utf8) } }) { bytes in
  let file = MemoryFile(bytes)
  guard let configuration = attempt({ try Configuration(reading: file.path, options) }) else { return }
  let arguments = configuration.entries.flatMap(\.arguments)
  do { _ = try Train.parse(arguments) } catch { check(Failure(error)) }
}

private let options = OptionTable(of: Train.self)

private let configurationSeeds = [
  "data: penguins.csv\ntarget: species\nlayers: [128, 64]\nlearning-rate: 0.01\nno-shuffle: true\n",
  "data: [a.csv, b.csv]\ntarget: y\nschedule: 'cosine-restarts(cycles: 3)'\nloss: huber(delta: 2)\nrefit: false\n",
  "network:\n  - Linear: 6\n  - Residual: [Tanh]\nnumeric: [a, 'b, c']\nmissing: ['-999', '']\nseed: 18446744073709551615\n",
  "fingerprints:\n  a.csv: 13519 bytes, XXH64 0123456789abcdef\ncheckpoint-every: 10s\ntime-limit: 5m\nimage-size: 3x4\n",
  "{\"data\": \"x.csv\", \"optimizer\": \"lbfgs\", \"layers\": \"none\", \"holdout\": 0.2, \"dropout\": 1e-3}",
  "activation: &a relu\nmonitor: *a\nearly-stopping: 3\nvalidation: 0.1\nbatch-size: 32\naverage: 0.99\nclip-norm: 1\n",
]
