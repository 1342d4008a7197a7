import ArgumentParser

struct StepCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "step",
    abstract: "Microseconds per training step: forward, loss, backward, update.",
    discussion: """
      The batch is in memory. ReLU stands between the layers; the loss is softmax cross-entropy, the optimizer SGD with \
      momentum 0.9 at the rate 0.001. peers/step_time.py times the same step of PyTorch, JAX and scikit-learn.
      """)

  @Option(help: "Inputs, widths of the hidden layers, and outputs.")
  var layers: Widths

  @Option(help: "Rows in the batch.")
  var batch: Int

  @Option(help: "Threads that share a step.")
  var threads = 1

  @Option(help: "Blocks of steps to time; the fastest counts.")
  var repeats = 5

  @Flag(help: "Print one JSON object.")
  var json = false

  func validate() throws {
    guard batch > 0 else { throw ValidationError("--batch \(batch): at least one row is needed") }
    guard threads > 0 else { throw ValidationError("--threads \(threads): at least one thread is needed") }
    guard repeats > 0 else { throw ValidationError("--repeats \(repeats): at least one block is needed") }
  }

  func run() throws {
    let flops = Self.flops(layers: layers.values, batch: batch)
    let steps = max(20, min(3000, Int(2e9 / flops)))
    let step = try StepWork(WorkRequest(step: layers.values, batch: batch, threads: threads))

    step.run(count: min(steps, 20))
    let best = (0..<repeats).map { _ in seconds { step.run(count: steps) } / Double(steps) }.min() ?? 0
    let result = StepResult(
      layers: layers.values, batch: batch, threads: threads, microseconds: rounded(best * 1e6, 2),
      gflops: rounded(flops / best * 1e-9, 1))
    print(json ? try downhill_benchmark.json(result) : result.description)
  }

  /// Floating-point operations of the products of one step. A layer's forward, its weights' gradient and its input's
  /// gradient take 2·m·n·batch each; the first layer's input needs no gradient.
  static func flops(layers: [Int], batch: Int) -> Double {
    zip(layers, layers.dropFirst()).enumerated().reduce(0) { sum, layer in
      let products = layer.offset == 0 ? 2.0 : 3.0
      return sum + products * 2 * Double(layer.element.0) * Double(layer.element.1) * Double(batch)
    }
  }
}

/// `784,256,10`
struct Widths: ExpressibleByArgument {
  let values: [Int]

  init?(argument: String) {
    let numbers = argument.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
    guard numbers.count >= 2, numbers.allSatisfy({ $0 > 0 }) else { return nil }
    values = numbers
  }
}

struct StepResult: Encodable, CustomStringConvertible {
  var peer = "downhill"
  let layers: [Int]
  let batch: Int
  let threads: Int
  let microseconds: Double
  let gflops: Double

  var description: String {
    let shape = layers.map(String.init).joined(separator: "-")
    return "\(shape), batch \(batch), \(threads) thread\(threads == 1 ? "" : "s"): "
      + "\(fixed(microseconds, 2)) µs a step, \(fixed(gflops, 1)) GFLOP/s"
  }
}
