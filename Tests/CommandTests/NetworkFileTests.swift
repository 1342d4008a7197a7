import Downhill
import Foundation
import Testing

@Suite("Networks declared in files") struct NetworkFileTests {
  static let nested = """
    # Widths as in the paper.
    - Linear: 16
    - SiLU
    - Residual:
        - Linear: {outputs: 16, bias: false, initializer: heNormal}
        - LeakyReLU: 0.125
        - Dropout: 0.25
    - Concatenate:
        - Branch:
            columns: 0..<4
            layers:
              - Tanh
        - [Linear: 8, ELU]
        - Residual: [Linear: 16]
    - LeakyReLU
    """

  private static func train(_ yaml: String, in folder: Folder, _ more: String...) throws -> Command.Outcome {
    folder["n.yaml"] = yaml
    return try Command.run(
      [
        "train", "p.csv", "--target", "species", "--epochs", "2", "--model", "m.safetensors", "--network", "n.yaml",
        "--json",
      ]
        + more, in: folder)
  }

  private static func network(of folder: Folder) throws -> Network {
    try Model(reading: folder.file("m.safetensors").path()).network
  }

  @Test("layers are those of Swift, and the output layer and the last activation are added") func nested() throws {
    let folder = try Folder.withPenguins()
    let outcome = try Self.train(Self.nested, in: folder)
    #expect(outcome.code == 0, "\(outcome.complaint)")
    let found = try Self.network(of: folder)
    let expected = Network(inputs: found.inputs) {
      Linear(16)
      SiLU()
      Residual {
        Linear(16, bias: false, initializer: .heNormal)
        LeakyReLU(slope: 0.125)
        Dropout(0.25)
      }
      Concatenate {
        Branch(columns: 0..<4) { Tanh() }
        Branch {
          Linear(8)
          ELU()
        }
        Branch { Residual { Linear(16) } }
      }
      LeakyReLU()
      Linear(3)
      Softmax()
    }
    #expect(found == expected, "\(found)")
  }

  @Test("what inspect prints declares the same network again") func roundTrip() throws {
    let folder = try Folder.withPenguins()
    _ = try Self.train(Self.nested, in: folder)
    let first = try Self.network(of: folder)
    let printed = try Command.run(["inspect", "m.safetensors", "--network"], in: folder).out
    let outcome = try Self.train(printed, in: folder)
    #expect(outcome.code == 0, "\(printed)\n\(outcome.complaint)")
    #expect(try Self.network(of: folder) == first)
    #expect(try Command.run(["inspect", "m.safetensors", "--network"], in: folder).out == printed)
    #expect(
      printed.hasPrefix(
        "- Linear: 16\n- SiLU\n- Residual:\n    - Linear: {outputs: 16, bias: false, initializer: heNormal}\n"))
  }

  @Test("branches take columns of the table by name, however many inputs these have become") func columnsByName() throws
  {
    let folder = try Folder.withPenguins()
    let outcome = try Self.train(
      """
      - Residual:
          - Concatenate:
              - Branch: {columns: [island, sex]}
              - Branch: {columns: [bill_length_mm, bill_depth_mm], layers: [Linear: 4]}
              - Branch:
                  columns: "year"
                  layers:
                    - Linear: 5
      - Concatenate:
          - Branch: {columns: 0..<2}
      """, in: folder)
    #expect(outcome.code == 0, "\(outcome.complaint)")
    let model = try Model(reading: folder.file("m.safetensors").path())
    guard case .table(let encoder) = model.encoder else {
      Issue.record("no table")
      return
    }
    // Where the encoder says that the inputs of a column are.
    func place(_ column: String) -> Range<Int> {
      let places = encoder.columns.flatMap { encoding in encoding.names.map { _ in encoding.column } }
      return places.firstIndex(of: column)!..<places.lastIndex(of: column)! + 1
    }
    #expect(encoder.width == 15 && place("island") == 0..<3 && place("sex").count == 3)
    let bills = place("bill_length_mm").lowerBound..<place("bill_depth_mm").upperBound
    let expected = Network(inputs: [encoder.width]) {
      Residual {
        Concatenate {
          Branch {
            Concatenate {
              Branch(columns: place("island"))
              Branch(columns: place("sex"))
            }
          }
          Branch(columns: bills) { Linear(4) }
          Branch(columns: place("year")) { Linear(5) }
        }
      }
      Concatenate { Branch(columns: 0..<2) }
      Linear(3)
      Softmax()
    }
    #expect(model.network == expected, "\(model.network)")
    // What is printed has numbers, and declares the same network again.
    let printed = try Command.run(["inspect", "m.safetensors", "--network"], in: folder).out
    _ = try Self.train(printed, in: folder)
    #expect(try Self.network(of: folder) == expected)
  }

  @Test("a network that names columns has no numbers for them without a table") func unresolvedNames() {
    let network = Network(inputs: 4) { Concatenate { Branch(named: ["age", "fare"]) { Linear(2) } } }
    let error = #expect(throws: NetworkError.self) { try network.validate() }
    #expect(error?.reason.contains("the columns “age”, “fare” have numbers only where") == true)
  }

  static let endings: [(yaml: String, flags: [String], layers: [String])] = [
    ("- Tanh", [], ["Tanh()", "Linear(3)", "Softmax()"]),
    ("- Linear: auto", [], ["Linear(3)", "Softmax()"]),
    ("- Linear: {outputs: auto, bias: false}", [], ["Linear(3, bias: false)", "Softmax()"]),
    ("- Linear: auto\n- Softmax", [], ["Linear(3)", "Softmax()"]),
    ("- Linear: 3\n- Softmax", [], ["Linear(3)", "Softmax()"]),
    ("- Linear: 4\n- Sigmoid", [], ["Linear(4)", "Sigmoid()", "Linear(3)", "Softmax()"]),
    (
      "- Linear: 4\n- Sigmoid", ["--target", "sex", "--loss", "binary-cross-entropy"],
      ["Linear(4)", "Sigmoid()", "Linear(1)", "Sigmoid()"]
    ),
    ("- Linear: 1\n- Sigmoid", ["--target", "sex", "--loss", "binary-cross-entropy"], ["Linear(1)", "Sigmoid()"]),
    ("- ReLU", ["--target", "year", "--task", "regression"], ["ReLU()", "Linear(1)"]),
    ("- Linear: auto\n- Tanh", ["--target", "year", "--task", "regression"], ["Linear(1)", "Tanh()"]),
  ]

  @Test("the end is added as far as it isn't there", arguments: endings.indices) func ending(index: Int) throws {
    let (yaml, flags, layers) = Self.endings[index]
    let folder = try Folder.withPenguins()
    folder["n.yaml"] = yaml
    let target = flags.isEmpty ? ["--target", "species"] : flags
    let outcome = try Command.run(
      ["train", "p.csv", "--epochs", "1", "--model", "m.safetensors", "--network", "n.yaml", "--json"] + target,
      in: folder)
    #expect(outcome.code == 0, "\(outcome.complaint)")
    #expect(try Self.network(of: folder).layers.map(\.description) == layers)
  }

  static let faults: [(yaml: String, code: Int32, fragment: String)] = [
    (
      "- Linear: 8\n- Relu", 65,
      "n.yaml:2: there is no layer “Relu”; did you mean “ReLU”? There are AveragePooling2D, "
    ),
    (
      "- ReLU\n- Linear:\n    output: 8", 65,
      "n.yaml:3: Linear has no “output”; did you mean “outputs”? In full, it has bias, "
    ),
    ("- Linear", 65, "n.yaml:1: Linear needs “outputs”"),
    ("- Linear: wide", 65, "n.yaml:1: “outputs” of Linear is a number"),
    ("- Linear: 2.5", 65, "n.yaml:1: the settings of Linear are not what it takes: - Linear: 2.5"),
    ("- Linear: 0", 65, "at least 1, or auto"), ("- ReLU: 3", 65, "ReLU has no settings"),
    ("- Linear: {outputs: 8, bias: 3}", 65, "true or false, not “3”"),
    (
      "- Linear: {outputs: 8, initializer: heNormla}", 65,
      "no initializer “heNormla”; did you mean “heNormal”? There are"
    ),
    ("- Linear: {outputs: 8, initializer: normal}", 65, "“normal” needs a number: {normal: 0.1}"),
    ("- Linear: {outputs: 8, parametrization: wide}", 65, "the settings of Linear are not what it takes"),
    ("- ReLU\n- Convolution2D: {channels: 4, kernel: [3]}", 65, "n.yaml:2: “kernel” of Convolution2D is a size: 3, or"),
    (
      "- Convolution2D: {channels: 4, kernel: 2.5}", 65,
      "for height and width, each a whole number of pixels, not “2.5”"
    ),
    ("- Convolution2D: {channels: 4, kernel: {height: 3}}", 65, "“kernel” of Convolution2D is a size"),
    ("- Convolution2D: {channels: 4, kernel: 3, padding: smae}", 65, "is valid, same, a number of pixels"),
    ("- Convolution2D: {channels: 4, kernel: 3}", 64, "layer 0: Convolution2D takes images"),
    ("- MaxPooling2D", 65, "MaxPooling2D needs “kernel”"),
    ("- ParametricActivation: Softmax", 65, "Softmax() is not a function of one number"),
    (
      "- Embedding: {categories: many, width: 2}", 65, "“categories” of Embedding is a number of categories, or [5, 12]"
    ),
    (
      "- Branch: {columns: bill_lenght_mm, layers: []}", 64, "did you mean “bill_length_mm”? It has island, bill_length"
    ),
    ("- Branch: {columns: species, layers: []}", 64, "“species”, which is not learned from (the target"),
    ("- ReLU\n- Branch: {columns: sex, layers: []}", 64, "only a branch at the beginning of the network can take"),
    ("- Branch: {columns: 4..<2, layers: []}", 65, "a range such as 0..<4"),
    ("- Branch: {columns: \"\", layers: []}", 65, "a range such as 0..<4"),
    ("- Branch: {columns: [island, 3], layers: []}", 65, "or names of columns: [age, fare]"),
    ("- Residual: 3", 65, "n.yaml:1: Residual takes a list"),
    ("- Residual:\n  - ReLU\n  - Linear: 8\n  - tanh", 65, "n.yaml:4: "),
    ("- Branch: {columns: 4, layers: [ReLU]}", 65, "a range such as 0..<4"),
    ("Linear: 8", 65, "a list of layers is expected"), ("", 65, "a list of layers is expected"),
    ("- {Linear: 8, ReLU: }", 65, "n.yaml:1: a layer is a name"), ("- [", 65, "n.yaml:2: no YAML"),
    ("- Linear: 5\n- Softmax", 64, "has 5 outputs, and “species” takes 3"),
    (
      "- " + String(repeating: "Residual: [", count: 40) + String(repeating: "]", count: 40), 65,
      "layers are nested more than 32 deep"
    ),
    ("- Residual: [Linear: 3]", 64, "a residual's layers give rows as they take them"),
  ]

  @Test("what can't be read is pointed at, with the nearest word", arguments: faults.indices) func fault(index: Int)
    throws
  {
    let (yaml, code, fragment) = Self.faults[index]
    let folder = try Folder.withPenguins()
    folder["n.yaml"] = yaml
    let (found, complaint) = try Command.fail(
      ["train", "p.csv", "--target", "species", "--network", "n.yaml", "--json"], in: folder)
    #expect(found == code && complaint.contains(fragment), "\(yaml): \(complaint)")
  }

  @Test("references don't multiply beyond bounds") func references() throws {
    let folder = try Folder.withPenguins()
    var yaml = "- Residual: &a0 [ReLU, ReLU]\n"
    for level in 1...30 { yaml += "- Residual: &a\(level) [{Residual: *a\(level - 1)}, {Residual: *a\(level - 1)}]\n" }
    folder["n.yaml"] = yaml
    let (code, complaint) = try Command.fail(
      ["train", "p.csv", "--target", "species", "--network", "n.yaml", "--json"], in: folder)
    #expect(code == 65 && complaint.contains("more layers than"), "\(complaint)")
  }

  @Test("as deep as layers may be nested, the network is printed again") func depth() throws {
    let folder = try Folder.withPenguins()
    let yaml = "- " + String(repeating: "Residual: [", count: 31) + "ReLU" + String(repeating: "]", count: 31)
    let outcome = try Self.train(yaml, in: folder)
    #expect(outcome.code == 0, "\(outcome.complaint)")
    let printed = try Command.run(["inspect", "m.safetensors", "--network"], in: folder).out
    #expect(printed.split(separator: "\n").count == 34 && printed.contains("- ReLU\n"))
  }

  @Test("other ways of declaring layers have no place beside it") func conflicts() throws {
    let folder = try Folder.withPenguins()
    folder["n.yaml"] = "- ReLU"
    let (code, complaint) = try Command.fail(
      ["train", "p.csv", "--target", "species", "--network", "n.yaml", "--layers", "8"], in: folder)
    #expect(code == 64 && complaint.contains("--network declares all layers"))
    let (missing, _) = try Command.fail(
      ["train", "p.csv", "--target", "species", "--network", "none.yaml"], in: folder)
    #expect(missing == 66)
  }
}
