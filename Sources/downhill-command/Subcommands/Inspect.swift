import ArgumentParser
import Downhill

struct Inspect: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show everything that a model file holds: columns, encoding, network, recipe, history.")

  @Argument(help: ArgumentHelp("The model file.", valueName: "model"), completion: .file(extensions: ["safetensors"]))
  var model: String

  @Flag(help: "Print it as one JSON object.")
  var json = false

  @Flag(help: "Print the network alone, as --network of train takes it.")
  var network = false

  @Flag(help: "Print the configuration that the model was trained by, as --config of train takes it.")
  var config = false

  func run() throws {
    if config { return Terminal.print(try Configuration.text(ofModel: model)) }
    if network { return Terminal.print(NetworkText.declaration(of: try Model(reading: model).network)) }
    let file = try SafetensorsFile(reading: model, checksum: .required)
    let loaded = try Model(reading: model)
    if json {
      let description = file.metadata.keys.sorted().map { key -> (String, JSONValue) in
        let text = file.metadata[key]!
        return (key, (try? JSONValue(parsing: text)) ?? .string(text))
      }
      let tensors = loaded.parameters.shapes.map { name, shape in (name, JSONValue.array(shape.map { JSONValue($0) })) }
      printJSON(description + [("tensors", .object(JSONObject(tensors)))])
    } else {
      Terminal.print(InspectionText(loaded, path: model).text)
      let versions = ["downhill_version", "format_version"].map { file.metadata[$0] ?? "?" }
      Terminal.print("written by Downhill \(versions[0]), version \(versions[1]) of the format")
    }
  }
}

/// A model in words.
struct InspectionText {
  private let model: Model
  private var lines: [String] = []

  init(_ model: Model, path: String) {
    self.model = model
    let record = model.record
    lines.append("\(path): a \(model.task == .classification ? "classifier" : "regression") of “\(model.target)”")
    if !model.labels.isEmpty { lines.append("labels: \(model.labels.joined(separator: ", "))") }
    lines.append("")
    lines += columns
    lines += ["", model.network.description, "", "parameters, inputs × outputs:"]
    lines += model.parameters.shapes.map { name, shape in
      "  \(name)  \(shape.map(String.init).joined(separator: " × "))"
    }
    lines += ["", record.recipe.description]
    lines.append(
      "rows: \(grouped(record.trainingRows)) to train, \(grouped(record.validationRows)) to validate, "
        + "\(grouped(record.testRows)) to test; seed \(record.seed)")
    lines.append(
      "epoch \(record.epoch) of \(record.epochs)"
        + (record.refitted ? ", then trained again from the start on all rows up to there" : ""))
    let metrics = record.metrics.sorted { $0.key < $1.key }.map { "\($0.key) \(Format.number($0.value))" }
    lines.append("on the \(record.metricsOn.rawValue) rows: \(metrics.joined(separator: "   "))")
    lines.append("loss       \(Sparkline.draw(record.history.map(\.loss), width: 60))")
    let validation = record.history.compactMap(\.validationLoss)
    if !validation.isEmpty { lines.append("validation \(Sparkline.draw(validation, width: 60))") }
  }

  var text: String { lines.joined(separator: "\n") }

  private var columns: [String] {
    switch model.encoder {
    case .images(let encoder):
      let size =
        encoder.dimensions.map(String.init).joined(separator: " × ")
        + (encoder.resizes == true ? ", to which image files of other sizes are scaled" : "")
      guard encoder.scalings.count == 1 else {
        return ["images of \(size), each pixel by its own mean and standard deviation"]
      }
      return ["images of \(size), pixels \(encoder.scalings[0].explanation)"]
    case .table(let encoder):
      let encodings = Dictionary(grouping: encoder.columns, by: \.column)
      return ["columns:"]
        + (model.schema?.columns ?? []).flatMap { column -> [String] in
          let role = column.name == model.target ? "target" : column.kind.rawValue
          return ["  \(column.name): \(role); \(column.reason)"]
            + (encodings[column.name] ?? []).map { "      \($0.explanation)" }
        }
    }
  }

}
