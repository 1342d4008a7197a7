import ArgumentParser
import Downhill

struct Predict: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Predict the target of new rows, as a CSV table.",
    discussion: """
      Columns are found by name, whatever their order; the target may be missing. A classification gives the most \
      probable label and the probability of each; a regression gives the value in its own units.

        downhill predict penguins.safetensors new.csv -o predictions.csv
        cat new.csv | downhill predict penguins.safetensors - --id tag
        downhill predict photos.safetensors new-photos/ one.jpg
      """)

  @Argument(help: ArgumentHelp("The model file.", valueName: "model"), completion: .file(extensions: ["safetensors"]))
  var model: String

  @Argument(
    help: ArgumentHelp(
      "A table, in one file or several (- for standard input), arrays in an IDX, NPY or NPZ file, or PNG and JPEG images: "
        + "files, and folders of them.", valueName: "data"),
    completion: .file())
  var data: [String]

  @Option(
    name: .shortAndLong, help: ArgumentHelp("Write to a file instead of standard output.", valueName: "file"),
    completion: .file())
  var output: String?

  @Option(help: ArgumentHelp("A column of the data to carry along, such as a key.", valueName: "column"))
  var id: String?

  @OptionGroup var reading: ReadingOptions
  @OptionGroup var threads: ThreadOptions

  /// Rows predicted at a time, and what they may hold: tables may have more columns than rows.
  private static let chunk = 4096
  private static let cells = 1 << 23

  /// Bytes of images that are decoded at a time.
  private static let imageBytes = 1 << 26

  func run() throws {
    try Overwriting.check(writing: [("--output", output)], reading: data + [self.model])
    let model = try Model(reading: self.model)
    let predictor = try ModelPredictor(model, threads: threads.count)
    if case .images(let encoder) = model.encoder, data.contains(where: { Folder($0).exists || ImageFile.isOne($0) }) {
      return try predict(ImageFolder.files(data), encoder, predictor)
    }
    // Opened first: no output is touched for a table that can't be read.
    let streams = try openTables(model)
    let array = streams.isEmpty ? try ExampleSource.features(ExampleSource.onlyFile(data), for: model) : nil
    var output = try AtomicFile(self.output ?? "/dev/stdout")
    let unit = model.targetEncoding.unit
    var unseen: [String: Int] = [:]
    var text = CSVText()
    let names = (id.map { [$0] } ?? []) + header(model)
    names.forEach { text.add($0) }
    text.endLine()
    if let array {
      for first in stride(from: 0, to: array.count, by: Self.chunk) {
        let rows = [Int32](Int32(first)..<Int32(min(array.count, first + Self.chunk)))
        write(try predictor.predict(array.select(rows: rows)), unit: unit, ids: nil, to: &text)
        try output.write(text.take())
      }
    }
    let chunk = min(Self.chunk, max(1, Self.cells / max(1, model.schema?.columns.count ?? 1)))
    for (path, stream) in zip(data, streams) {
      defer { ReadingNotes.print(stream.notes, stream.skipped, source: path) }
      try stream.forEachChunk(rows: chunk, threads: threads.count) { table in
        let predictions = try predictor.predict(.table(table))
        for (column, rows) in predictions.report.unseen { unseen[column, default: 0] += rows }
        write(
          predictions, unit: unit, ids: table.carried.first, gaps: table.gaps, emptyLine: names.count, to: &text)
        try output.write(text.take())
      }
    }
    try output.write(text.take())
    try output.commit()
    for (column, rows) in unseen.sorted(by: { $0.key < $1.key }) {
      Terminal.complain(
        "downhill: note: \(grouped(rows)) rows hold a value of “\(column)” that the model does not know; "
          + "it counts as none")
    }
  }

  /// A row for each image file, with its name.
  private func predict(
    _ found: (files: [String], notes: [String]), _ encoder: ImageEncoder, _ predictor: ModelPredictor
  ) throws {
    if id != nil { throw ValidationError("--id is a column of a table; a row of an image has the file's name") }
    ReadingNotes.print(found.notes, SkippedRows(), source: "")
    let model = predictor.model
    var output = try AtomicFile(self.output ?? "/dev/stdout")
    var text = CSVText()
    let names = ["file"] + header(model)
    names.forEach { text.add($0) }
    text.endLine()
    let chunk = min(Self.chunk, max(1, Self.imageBytes / max(1, encoder.width)))
    var faults: [TableError] = [], count = 0
    for first in stride(from: 0, to: found.files.count, by: chunk) {
      let paths = Array(found.files[first..<min(found.files.count, first + chunk)])
      let files = try ImageFiles(
        paths, fit: ImageFit(encoder), skipsBroken: reading.skipBadRows, source: data[0], threads: threads.count)
      let predictions = try predictor.predict(.images(files.images))
      var row = 0
      for (place, path) in paths.enumerated() {
        text.add(path)
        if row < files.kept.count, files.kept[row] == place {
          add(predictions, row, unit: model.targetEncoding.unit, to: &text)
          row += 1
        } else {
          names.dropFirst().forEach { _ in text.add("") }
        }
        text.endLine()
      }
      count += files.skipped.count
      faults += files.skipped.first
      try output.write(text.take())
    }
    try output.write(text.take())
    try output.commit()
    var skipped = SkippedRows(faults, what: "image")
    skipped.count = count
    ReadingNotes.print([], skipped, source: data.joined(separator: ", "))
  }

  /// One for each file; none, if the model takes images, or the file is an array.
  private func openTables(_ model: Model) throws -> [TableStream] {
    guard let schema = model.schema, !ArrayFile.isOne(data[0]) else {
      if id != nil { throw ValidationError("--id is a column of a table, and arrays have no names for theirs") }
      return []
    }
    return try data.sources.map { source in
      try TableStream(
        source, format: reading.format, schema: schema, skipping: [model.target], carrying: id.map { [$0] } ?? [])
    }
  }

  private func header(_ model: Model) -> [String] { ["prediction"] + model.labels.map { "probability_\($0)" } }

  /// As few digits as a float has, unless the target varies too little around too large a mean for that.
  private static func text(_ value: Double, unit: Double) -> String {
    let short = Float(value)
    return abs(Double(short) - value) <= 1e-6 * unit ? "\(short)" : "\(value)"
  }

  /// - Parameters:
  ///   - gaps: for each row that was passed over how many rows come before it: it becomes a line of empty cells, so that
  ///     the lines stay those of the input's rows.
  ///   - cells: of such a line.
  private func write(
    _ predictions: Predictions, unit: Double, ids: Column?, gaps: [Int32] = [], emptyLine cells: Int = 0,
    to text: inout CSVText
  ) {
    var gaps = gaps[...]
    func close(before row: Int) {
      while let gap = gaps.first, gap <= row {
        text.addEmptyLine(cells: cells)
        gaps.removeFirst()
      }
    }
    for row in 0..<predictions.count {
      close(before: row)
      if let ids { text.add(ids.text(row) ?? "") }
      add(predictions, row, unit: unit, to: &text)
      text.endLine()
    }
    close(before: .max)
  }

  private func add(_ predictions: Predictions, _ row: Int, unit: Double, to text: inout CSVText) {
    if predictions.labels.isEmpty { return text.add(number: Self.text(predictions.values[row], unit: unit)) }
    text.add(predictions.label(row))
    for probability in predictions.probabilities.row(row) { text.add(number: "\(probability)") }
  }
}

/// Lines of a CSV file, quoted as RFC 4180 has it.
private struct CSVText {
  private var bytes: [UInt8] = []
  private var isAtStart = true

  mutating func add(_ field: String) {
    begin()
    guard field.utf8.contains(where: Self.needsQuotes) else { return bytes += field.utf8 }
    bytes.append(Self.quote)
    for byte in field.utf8 {
      if byte == Self.quote { bytes.append(byte) }
      bytes.append(byte)
    }
    bytes.append(Self.quote)
  }

  /// A field that holds nothing to quote.
  mutating func add(number: String) {
    begin()
    bytes += number.utf8
  }

  /// One empty cell is written in quotes: readers pass over a line that holds nothing at all.
  mutating func addEmptyLine(cells: Int) {
    if cells == 1 { bytes += [Self.quote, Self.quote] } else { (0..<cells).forEach { _ in add("") } }
    endLine()
  }

  mutating func endLine() {
    bytes.append(UInt8(ascii: "\n"))
    isAtStart = true
  }

  /// What has been added since the last time.
  mutating func take() -> [UInt8] {
    defer { bytes.removeAll(keepingCapacity: true) }
    return bytes
  }

  private mutating func begin() {
    if !isAtStart { bytes.append(UInt8(ascii: ",")) }
    isAtStart = false
  }

  private static let quote = UInt8(ascii: "\"")

  private static func needsQuotes(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: ",") || byte == quote || byte == UInt8(ascii: "\r") || byte == UInt8(ascii: "\n")
  }
}
