import ArgumentParser
import Downhill

struct Explain: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show what a model relies on, how its answers follow the columns, and where it errs.",
    discussion: """
      Works by predictions alone, on data with the right answers that the model has not learned from:

        downhill explain penguins.safetensors new.csv --report penguins.html

      The report is one HTML page that needs nothing else. train --report writes the same on the rows that a training is \
      judged on, with its learning curves.
      """)

  @Argument(help: ArgumentHelp("The model file.", valueName: "model"), completion: .file(extensions: ["safetensors"]))
  var model: String

  @Argument(
    help: ArgumentHelp(
      "A table with the target column, in one file or several (- for standard input), arrays in an IDX, NPY or NPZ file, or a "
        + "folder with a folder of images for each class.", valueName: "data"), completion: .file())
  var data: [String]

  @Option(help: ArgumentHelp("The labels of arrays: an IDX, NPY or NPZ file.", valueName: "file"), completion: .file())
  var labels: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "How many rows, at most, columns are shuffled and changed on, drawn by the seed; by default as many as take moments. All "
        + "figures of errors are of all rows.", valueName: "count"))
  var rows: Int?

  @Option(
    parsing: .unconditional, help: ArgumentHelp("How often each column is shuffled.", valueName: "count"))
  var repeats = 10

  @Option(
    help: ArgumentHelp(
      "The columns that answers are followed along, with commas; by default the most important.", valueName: "columns"))
  var columns: [String] = []

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Of all random choices. The same seed gives the same result.", valueName: "number"))
  var seed: UInt64 = 0

  @OptionGroup var reading: ReadingOptions
  @OptionGroup var threads: ThreadOptions

  @Option(
    help: ArgumentHelp("Write it as one HTML page too.", valueName: "file"), completion: .file(extensions: ["html"]))
  var report: String?

  @Flag(help: "Print everything as one JSON object, and nothing else.")
  var json = false

  func validate() throws {
    if let rows, rows < 1 { throw ValidationError("--rows is at least 1, not \(rows)") }
    if !(1...1000).contains(repeats) { throw ValidationError("--repeats is from 1 to 1000, not \(repeats)") }
  }

  func run() throws {
    try Overwriting.check(writing: [("--report", report)], reading: data + [self.model, labels])
    try ReportFile.check(report)
    let model = try Model(reading: self.model)
    let examples = try ExampleSource.examples(
      data, labels: labels, for: model, reading: reading, threads: threads.count)
    var explainer = Explainer()
    (explainer.rows, explainer.repeats) = (rows, repeats)
    (explainer.seed, explainer.threads) = (seed, threads.count)
    let names = columns.flatMap(SchemaOptions.names)
    explainer.columns = names.isEmpty ? nil : names
    let explanation = try explainer.explain(
      Judgement(model, on: examples), acquaintance: Acquaintance(model, files: data))
    if let report { try ReportFile.write(Report(explanation, name: self.model), to: report) }
    if json { return Terminal.print(explanation.json.text()) }
    Terminal.print(ExplanationText(explanation, path: self.model).text)
    if let report { Terminal.print("\nThe report is \(report).") }
  }
}
