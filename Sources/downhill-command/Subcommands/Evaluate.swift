import ArgumentParser
import Downhill

struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Compare a model's predictions with the right answers.")

  @Argument(help: ArgumentHelp("The model file.", valueName: "model"), completion: .file(extensions: ["safetensors"]))
  var model: String

  @Argument(
    help: ArgumentHelp(
      "A table with the target column, in one file or several (- for standard input), arrays in an IDX, NPY or NPZ file, or a "
        + "folder with a folder of images for each class.", valueName: "data"), completion: .file())
  var data: [String]

  @Option(help: ArgumentHelp("The labels of arrays: an IDX, NPY or NPZ file.", valueName: "file"), completion: .file())
  var labels: String?

  @OptionGroup var reading: ReadingOptions
  @OptionGroup var threads: ThreadOptions

  @Flag(help: "Print the result as one JSON object, and nothing else.")
  var json = false

  func run() throws {
    let model = try Model(reading: self.model)
    let examples = try ExampleSource.examples(
      data, labels: labels, for: model, reading: reading, threads: threads.count)
    let evaluation = try ModelPredictor(model, threads: threads.count).evaluate(examples)
    if json {
      return printJSON([("task", .string(model.task.rawValue))] + evaluation.json)
    }
    Terminal.print("\(self.model) on \(grouped(evaluation.rows)) rows of \(examples.source):")
    for line in evaluation.lines(labels: model.labels) { Terminal.print(line.isEmpty ? "" : "  \(line)") }
  }
}
