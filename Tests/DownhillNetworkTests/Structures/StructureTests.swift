import DownhillCompute
import DownhillNetwork
import Foundation
import Testing

@Suite("Structures of layers") struct StructureTests {
  /// Each of the ways in which values part and meet.
  static let networks: [(name: String, network: Network)] = [
    (
      "a residual at the start",
      Network(inputs: 6) {
        Residual { Linear(6) }; Linear(3)
      }
    ),
    (
      "a residual at the end",
      Network(inputs: 6) {
        Linear(4);
        Residual {
          Linear(7); Tanh(); Linear(4)
        }
      }
    ),
    (
      "residuals of residuals",
      Network(inputs: 5) {
        Linear(8)
        Residual {
          Linear(8); GELU();
          Residual {
            SiLU(); Linear(8); Dropout(0.3)
          }; Sigmoid()
        }
        Tanh()
        Residual { Residual { Linear(8) } }
        Linear(3)
      }
    ),
    (
      "a residual of activations",
      Network(inputs: 4) {
        Linear(5);
        Residual {
          Tanh(); Sigmoid()
        }; Linear(2)
      }
    ),
    (
      "branches over the whole row",
      Network(inputs: 4) {
        Concatenate {
          Branch {
            Linear(3); Tanh()
          }; Branch { Linear(2) }; Branch()
        }
        Linear(2)
      }
    ),
    (
      "branches over columns that overlap",
      Network(inputs: 7) {
        Linear(7)
        Concatenate {
          Branch(columns: 0..<4) {
            Linear(3); Sigmoid()
          }
          Branch(columns: 2..<7) { Tanh() }
          Branch(columns: 6..<7)
        }
        Residual {
          Concatenate {
            Branch(columns: 0..<5) { Linear(5) }; Branch(columns: 5..<9)
          }
        }
        Tanh()
      }
    ),
    (
      "columns that nothing reads",
      Network(inputs: 5) {
        Linear(6); Concatenate { Branch(columns: 1..<3) }; Linear(2)
      }
    ),
    (
      "a branch by itself",
      Network(inputs: 3) {
        Branch {
          Linear(4); Softmax()
        }
      }
    ),
  ]

  @Test("Gradients agree with differences, in one tile of rows and in many", arguments: networks.indices)
  func gradientsAgree(index: Int) throws {
    let network = Self.networks[index].network
    for rows in [3, 17] {
      let samples = Samples(
        inputs: .random(rows: rows, columns: network.inputs.count, seed: 3),
        targets: .values(.random(rows: rows, columns: try network.outputs().count, seed: 4)))
      let check = try network.checkGradient(loss: .meanSquaredError, samples: samples, elements: 30, seed: 5)
      #expect(check.passes(), "\(Self.networks[index].name), \(rows) rows: \(check)")
    }
  }

  @Test("A residual is its input plus its layers, a concatenation its branches side by side")
  func valuesAreThoseOfTheParts() throws {
    let rows = 150
    let inputs = Matrix.random(rows: rows, columns: 6, seed: 1)
    func outputs(_ network: Network, _ names: [String: Matrix], of inputs: Matrix) throws -> Matrix {
      var parameters = try network.initialParameters(seed: 1)
      for (name, matrix) in names { parameters[name] = matrix }
      return try Predictor(network, parameters: parameters).predict(inputs)
    }
    let (first, second) = (Matrix.random(rows: 6, columns: 6, seed: 2), Matrix.random(rows: 3, columns: 2, seed: 3))
    let plain = try outputs(
      Network(inputs: 6) {
        Linear(6); Tanh()
      }, ["0.weights": first], of: inputs)
    let residual = try outputs(
      Network(inputs: 6) {
        Residual {
          Linear(6); Tanh()
        }
      }, ["0.0.weights": first], of: inputs)
    for row in 0..<rows {
      for column in 0..<6 { #expect(residual[row, column] == plain[row, column] + inputs[row, column]) }
    }

    let some = Matrix(
      rows: rows, columns: 3, elements: (0..<rows).flatMap { row in (2..<5).map { inputs[row, $0] } })
    let part = try outputs(Network(inputs: 3) { Linear(2) }, ["0.weights": second], of: some)
    let joined = try outputs(
      Network(inputs: 6) {
        Concatenate {
          Branch(columns: 2..<5) { Linear(2) };
          Branch {
            Linear(6); Tanh()
          }; Branch(columns: 0..<1)
        }
      }, ["0.0.0.weights": second, "0.1.0.weights": first], of: inputs)
    for row in 0..<rows {
      let expected = (0..<2).map { part[row, $0] } + (0..<6).map { plain[row, $0] } + [inputs[row, 0]]
      #expect((0..<9).map { joined[row, $0] } == expected)
    }
  }

  @Test("Training gives the same bits on one thread and on several", arguments: networks.indices)
  func bitsDoNotDependOnThreads(index: Int) throws {
    let network = Self.networks[index].network
    let rows = 700
    let samples = Samples(
      inputs: .random(rows: rows, columns: network.inputs.count, seed: 6),
      targets: .values(.random(rows: rows, columns: try network.outputs().count, seed: 7)))
    let gradients = try [1, 3].map { threads in
      let step = try TrainingStep(
        network, loss: .meanSquaredError, samples: samples, batchSize: rows, workers: WorkerPool(threads: threads))
      step.parameters = try network.initialParameters(seed: 8)
      [Int32](0..<Int32(rows)).withUnsafeBufferPointer { _ = step.differentiate(rows: $0, step: 0) }
      return step.gradient.vector.elements
    }
    #expect(gradients[0] == gradients[1])
  }

  @Test("A network with structures is written, read back and printed", arguments: networks.indices)
  func networksAreCoded(index: Int) throws {
    let network = Self.networks[index].network
    let read = try JSONDecoder().decode(Network.self, from: JSONEncoder().encode(network))
    #expect(read == network && read.description == network.description)
  }

  @Test("It prints as the constructor that makes it, and names parameters by their place")
  func networksArePrinted() throws {
    let network = Network(inputs: 6) {
      Residual { Linear(6) }
      Concatenate {
        Branch(columns: 0..<2) { Linear(3) }; Branch { Tanh() }
      }
    }
    #expect(
      network.description == """
        Network(inputs: 6) {
          Residual {     // 6 → 6, 42 parameters
            Linear(6)
          }
          Concatenate {  // 6 → 9, 9 parameters
            Branch(columns: 0..<2) {
              Linear(3)
            }
            Branch {
              Tanh()
            }
          }
        }  // 51 parameters
        """)
    #expect(
      try network.initialParameters(seed: 0).names == ["0.0.weights", "0.0.bias", "1.0.0.weights", "1.0.0.bias"])
  }

  @Test("Parts that don't fit are refused, with their place")
  func misfitsAreRefused() {
    func message(_ network: Network) -> String {
      do throws(NetworkError) { try network.validate() } catch { return error.description }
      return ""
    }
    let wrong = message(
      Network(inputs: 4) {
        Tanh();
        Residual {
          Tanh(); Linear(3)
        }
      })
    #expect(wrong.hasPrefix("layer 1: a residual's layers give rows as they take them; these take 4 and give 3"))
    let deep = message(
      Network(inputs: 4) {
        Residual {
          Tanh(); Concatenate { Branch { Linear(0) } }
        }
      })
    #expect(deep.hasPrefix("layer 0: part 0, Linear(0): Linear needs at least one output"), "\(deep)")
    #expect(
      message(Network(inputs: 4) { Concatenate { Branch(columns: 2..<6) } }).contains("columns 2..<6 of rows of 4"))
    #expect(message(Network(inputs: 4) { Residual(layers: []) }) == "")
    #expect(message(Network(inputs: 4) { Branch() }).contains("at least one layer that does something"))
  }
}

extension Matrix {
  fileprivate static func random(rows: Int, columns: Int, seed: UInt64) -> Matrix {
    var stream = RandomStream(seed: seed, purpose: .check)
    return Matrix(rows: rows, columns: columns, elements: (0..<rows * columns).map { _ in Float(stream.normal()) })
  }
}
