import ArgumentParser
import Downhill

struct Scratch: ParsableCommand {
  func run() throws {
    let network = Network(inputs: 16) { Linear(64); ReLU(); Linear(64); ReLU(); Linear(3); Softmax() }
    let predictor = try Predictor(network, parameters: network.initialParameters(seed: 0))
    let row = (0..<16).map { Float($0) / 16 }
    var out = [Float](repeating: 0, count: 3)
    let n = 200_000
    for _ in 0..<5 {
      let t = seconds { for _ in 0..<n { var o = out.mutableSpan; predictor.predict(row: row.span, into: &o) } }
      print(t / Double(n) * 1e9, "ns", out)
    }
  }
}
