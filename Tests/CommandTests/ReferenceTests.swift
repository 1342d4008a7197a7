import Downhill
import Foundation
import Testing

/// Training by the command against PyTorch in float64, whose runs `Scripts/fixtures/training_fixtures.py` wrote down.
@Suite("The command's losses are PyTorch's") struct ReferenceTests {
  struct Run: Decodable {
    let layers: [Layer]
    let loss: String
    let optimizer: Settings
    let batchSize: Int
    let inputs: Numbers
    let targets: Targets
    let initialParameters: [String: Numbers]
    let losses: [Double]

    struct Layer: Decodable {
      let kind: String
      let outputs: Int?
    }
    struct Settings: Decodable {
      let kind: String
      let rate, momentum, l2, weightDecay: Double
    }
    struct Numbers: Decodable {
      let rows, columns: Int
      let elements: [Double]
    }
    struct Targets: Decodable {
      let classes: [Int]?
      let values: Numbers?
    }
  }

  @Test(
    "from the same weights, on rows as they stand, 200 steps agree",
    arguments: [
      "adam-bce-no-hidden", "adam-l2-softmax-elu", "adam-softmax-gelu", "adamw-softmax-relu-two-hidden", "gd-bce-silu",
      "gd-mse-tanh", "gd-softmax-no-hidden", "momentum-mse-gelu-two-hidden", "momentum-softmax-relu-two-hidden",
      "nesterov-bce-mish-two-hidden", "nesterov-l2-bce-relu", "nesterov-softmax-selu-two-hidden", "sgd-bce-sigmoid",
      "sgd-l2-softmax-sigmoid", "sgd-softmax-relu",
    ])
  func losses(name: String) throws {
    let fixture = package.appending(path: "Tests/Fixtures/training/\(name).json")
    let run = try JSONDecoder().decode(Run.self, from: Data(contentsOf: fixture))
    let folder = try Folder()
    let answers = run.targets.classes.map { $0.map(String.init) } ?? run.targets.values!.elements.map { "\($0)" }
    var table = (0..<run.inputs.columns).map { "x\($0)," }.joined() + "answer\n"
    for (row, answer) in answers.enumerated() {
      let place = row * run.inputs.columns
      table += run.inputs.elements[place..<place + run.inputs.columns].map { "\($0)," }.joined() + answer + "\n"
    }
    folder["d.csv"] = table
    try SafetensorsFile.write(
      run.initialParameters.map { name, numbers in
        NamedTensor(
          name: name, shape: name.hasSuffix("bias") ? [numbers.columns] : [numbers.rows, numbers.columns],
          elements: numbers.elements.map { Float($0) })
      }, checksum: false, to: folder.file("start").path())

    let outcome = try Command.run(arguments(run), in: folder)
    #expect(outcome.code == 0, "\(outcome.complaint)")
    let losses = (folder["h.csv"] ?? "").split(separator: "\n").dropFirst().map { line in
      Double(line.split(separator: ",")[1]) ?? .nan
    }
    try #require(run.losses.count == 200 && losses.count >= 200)
    for (step, (found, expected)) in zip(losses, run.losses).enumerated() {
      #expect(abs(found - expected) <= 1e-4 * abs(expected), "step \(step + 1)")
    }
  }

  private func arguments(_ run: Run) -> [String] {
    let names = [
      "ReLU": "relu", "ELU": "elu", "SELU": "selu", "Sigmoid": "sigmoid", "Tanh": "tanh", "GELU": "gelu",
      "SiLU": "silu",
      "Mish": "mish",
    ]
    let widths = run.layers.compactMap(\.outputs).dropLast().map(String.init).joined(separator: ",")
    let activation = run.layers.dropFirst().first.flatMap { names[$0.kind] } ?? "relu"
    let losses = [
      "crossEntropy": "cross-entropy", "binaryCrossEntropy": "binary-cross-entropy", "meanSquaredError": "mse",
    ]
    let steps = (run.inputs.rows + run.batchSize - 1) / run.batchSize
    let settings = run.optimizer
    return [
      "train", "d.csv", "--target", "answer", "--recipe", "plain", "--no-shuffle", "--no-standardize", "--validation",
      "0",
      "--initial-weights", "start", "--history", "h.csv", "--history-every", "step", "--json",
      "--task", run.loss == "meanSquaredError" ? "regression" : "classification", "--loss", losses[run.loss] ?? "",
      "--layers", widths, "--activation", activation,
      "--optimizer", settings.kind == "momentum" ? "sgd" : settings.kind, "--momentum", "\(settings.momentum)",
      "--learning-rate", "\(settings.rate)", "--weight-decay", "\(max(settings.l2, settings.weightDecay))",
      "--batch-size", "\(run.batchSize)", "--epochs", "\((200 + steps - 1) / steps)",
    ]
  }
}
