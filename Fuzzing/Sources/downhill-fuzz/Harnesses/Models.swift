import Downhill

/// Safetensors files, and model files.
///
/// A model file carries a checksum and JSON inside JSON, so hardly a change of its bytes gets anywhere. So inputs are
/// documents, `{"metadata": {…}, "tensors": {"name": [shape]}}`, of which a file is made with a checksum that fits; metadata
/// may be JSON itself. A model that is read predicts a table made of its own schema, or images. What is no such document is
/// read as a safetensors file as it stands.
let models = Harness(name: "models", isJSON: true, seeds: { try modelSeeds() }) { bytes in
  guard let file = SealedFile(bytes) else {
    _ = attempt { try read(SafetensorsFile(contents: bytes)) }
    return
  }
  guard let contents = attempt({ try file.encoded() }) else { return }
  _ = attempt { try read(SafetensorsFile(contents: contents)) }
  guard let model = attempt({ try Model(decoding: contents) }) else { return }
  _ = attempt { try predict(model) }
}

private func read(_ file: SafetensorsFile) throws {
  for entry in file.entries { _ = attempt { try file.floats(entry.name) } }
}

private func predict(_ model: Model) throws {
  let predictor = try ModelPredictor(model, threads: 1)
  if let schema = model.schema {
    let columns = schema.columns.map(\.name)
    func line(_ fields: [String]) -> String {
      fields.map { "\"\($0.split(separator: "\"").joined(separator: "\"\""))\"" }
        .joined(separator: ",") + "\n"
    }
    let text =
      line(columns)
      + ["1", "u", "2026-11-24", "yes"].map { line([String](repeating: $0, count: columns.count)) }.joined()
    let format = CSVFormat(delimiter: .comma, hasHeader: true, encoding: .utf8)
    let stream = try TableStream(.text(text), format: format, schema: schema, skipping: [model.target])
    while let chunk = try stream.next(rows: 3) { look(try predictor.predict(.table(chunk))) }
  } else if case .images(let encoder) = model.encoder, encoder.width <= 1 << 16 {
    let bytes = [UInt8](repeating: 200, count: 2 * encoder.width)
    look(try predictor.predict(.images(Images(dimensions: encoder.dimensions, bytes: bytes))))
  }
}

private func look(_ predictions: Predictions) {
  for row in 0..<predictions.count where !predictions.labels.isEmpty { _ = predictions.label(row) }
}

private func modelSeeds() throws -> [[UInt8]] {
  var recipe = Recipe.default
  (recipe.layers, recipe.epochs) = ([3], 2)
  let table =
    "n,c,b,d,y,z\n"
    + (0..<24).map { row in
      "\(row),\("uvw".map(String.init)[row % 3]),\(row % 2 == 0 ? "yes" : "no"),2026-11-\(10 + row % 9),"
        + "\(row % 2 == 0 ? "a" : "b"),\(Double(row) / 3)\n"
    }.joined()
  let texts = try ["y", "z"].map { target in
    let examples = try Examples(Table(contentsOf: .text(table), target: target), target: target)
    return try Learner(recipe).prepare(examples).train().model
  }
  // An ensemble that knows values of a number and words of a text.
  let rough =
    "n,t,y\n"
    + (0..<600).map { row in
      "\(row % 30),\(["red fox", "blue fox", "red hen", "old blue hen", "no"][row / 30 % 5]) \(row),\(row % 30 * 7919 % 13)\n"
    }.joined()
  recipe.members = 2
  let ensemble = try Learner(recipe).prepare(Examples(Table(contentsOf: .text(rough), target: "y"), target: "y"))
    .train()
  recipe.members = 1
  let images = try Images(dimensions: [4, 4], bytes: (0..<16 * 12).map { UInt8($0 % 251) })
  let ofImages = try Learner(recipe).prepare(Examples(images, labels: (0..<12).map { $0 % 3 })).train().model
  return try (texts + [ensemble.model, ofImages]).map { model in
    try SealedFile.document(of: SafetensorsFile(contents: model.encoded()))
  } + [texts[0].encoded()]
}
