import ArgumentParser
import Downhill

/// ONNX Runtime's predictions by its C interface, without Python: a model with the input `x` and the output `y`.
final class OnnxRuntimeWork: Work {
  private let runtime: OnnxRuntime
  private let inputs: UnsafeMutableBufferPointer<Float>
  private let outputs: UnsafeMutableBufferPointer<Float>
  private let input: UnsafeMutableRawPointer
  private let output: UnsafeMutableRawPointer

  init(_ request: WorkRequest) throws {
    guard let library = request.library, let model = request.model else {
      throw ValidationError("onnxruntime takes `library` and `model`")
    }
    let columns = (request.layers[0], request.layers[request.layers.count - 1])
    runtime = try OnnxRuntime(library: library, model: model)
    inputs = .allocate(capacity: request.batch * columns.0)
    outputs = .allocate(capacity: request.batch * columns.1)
    let samples = randomSamples(rows: request.batch, inputs: columns.0, classes: columns.1)
    _ = inputs.initialize(from: samples.inputs.elements)
    outputs.initialize(repeating: 0)
    input = try runtime.tensor(over: inputs, rows: request.batch, columns: columns.0)
    output = try runtime.tensor(over: outputs, rows: request.batch, columns: columns.1)
  }

  deinit {
    inputs.deallocate()
    outputs.deallocate()
  }

  func run(count: Int) throws {
    try "x".withCString { inputName in
      try "y".withCString { outputName in
        try runtime.run(count: count, input: input, inputName: inputName, output: output, outputName: outputName)
      }
    }
  }

  /// The sum of the outputs: the rows of a softmax sum to 1 each.
  func facts() -> [String: Double] { ["sum": outputs.reduce(0) { $0 + Double($1) }] }
}
