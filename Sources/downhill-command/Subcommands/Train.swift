import ArgumentParser
import Downhill
import DownhillRuns

struct Train: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Train a network on a table or on images, and save it as one file.",
    discussion: """
      Finds out what the columns are, standardises numbers, encodes categories, watches over training on rows that it \
      does not learn from, and says how good the result is on rows that it has not seen.

        downhill train penguins.csv --target species --holdout 0.2
        downhill train train-images.gz --labels train-labels.gz --test-images t10k-images.gz --test-labels t10k-labels.gz
        downhill train photos/ --image-size 32    (PNG and JPEG images, one folder a class)

      Ctrl-C ends training after the step under way and saves what there is. With --checkpoint FOLDER a training that was \
      killed goes on where it was.
      """)

  @Argument(
    help: ArgumentHelp(
      "A table: a CSV or TSV file, plain or gzip, or several with the same columns (- for standard input). Or arrays in an "
        + "IDX, NPY or NPZ file; or a folder with a folder of PNG and JPEG images for each class.", valueName: "data"),
    completion: .file())
  var data: [String]

  @Option(help: ArgumentHelp("The column to predict.", valueName: "column"))
  var target: String?

  @Option(help: ArgumentHelp("The labels of arrays: an IDX, NPY or NPZ file.", valueName: "file"), completion: .file())
  var labels: String?

  @Option(
    help: ArgumentHelp(
      "Scale all images of a folder to this size, 28 or 32x24 (width, height), and those to predict too.",
      valueName: "size"))
  var imageSize: ImageSize?

  @Option(
    help: ArgumentHelp("Where to save the model; by default named after the data, in this folder.", valueName: "file"),
    completion: .file())
  var model: String?

  @Option(help: ArgumentHelp("classification, regression, or auto: as the target suggests.", valueName: "task"))
  var task: RequestedTask = .auto

  @OptionGroup(title: "Columns") var schema: SchemaOptions
  @OptionGroup(title: "Reading") var reading: ReadingOptions
  @OptionGroup(title: "Tables larger than memory") var cache: CacheOptions
  @OptionGroup(title: "Rows") var rows: SplitOptions
  @OptionGroup(title: "Recipe") var recipe: RecipeOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The share of the rows to hold back and judge the result on.", valueName: "share"))
  var holdout = 0.0

  @Option(help: ArgumentHelp("A table to judge the result on.", valueName: "file"), completion: .file())
  var test: String?

  @Option(
    help: ArgumentHelp("Images to judge the result on: a file, or a folder.", valueName: "file"), completion: .file())
  var testImages: String?

  @Option(help: ArgumentHelp("Their labels.", valueName: "file"), completion: .file())
  var testLabels: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Of all random choices. The same seed gives the same model.", valueName: "number"))
  var seed: UInt64 = 0

  @OptionGroup var threads: ThreadOptions
  @OptionGroup(title: "Nothing is lost") var safekeeping: SafekeepingOptions

  @Option(
    help: ArgumentHelp(
      "The network, declared in YAML, instead of --layers, --activation and --dropout; inspect --network prints that of a "
        + "model.", valueName: "file"), completion: .file(extensions: ["yaml", "yml"]))
  var network: String?

  @Option(
    help: ArgumentHelp("First weights: a model file, or tensors named as `inspect` prints them.", valueName: "file"),
    completion: .file())
  var initialWeights: String?

  @Flag(help: "Take the rows as they stand in each epoch, and the last of them to hold back.")
  var noShuffle = false

  @Option(help: ArgumentHelp("Write the loss to a CSV file as training goes.", valueName: "file"), completion: .file())
  var history: String?

  @Option(help: ArgumentHelp("A row of the history an epoch, or a step.", valueName: "epoch|step"))
  var historyEvery = HistoryView.Grain.epoch

  @Option(
    help: ArgumentHelp("Write training's events to a file of JSON lines.", valueName: "file"), completion: .file())
  var log: String?

  @Option(
    help: ArgumentHelp(
      "Write a report on the result as one HTML page: what the model relies on, where it errs, how it learned.",
      valueName: "file"), completion: .file(extensions: ["html"]))
  var report: String?

  @Option(
    help: ArgumentHelp(
      "Write event files that TensorBoard reads to a folder: loss, metrics and rate; of an ensemble, to one for each member.",
      valueName: "folder"), completion: .directory)
  var tensorboard: String?

  @OptionGroup(title: "The record of runs") var recording: RecordingOptions
  @OptionGroup(title: "Trees beside it") var baseline: BaselineOptions

  @Option(
    help: ArgumentHelp(
      "Where options come from that are not given here: a file of YAML with their long names as keys, or a model, whose "
        + "training is repeated.", valueName: "file"),
    completion: .file(extensions: ["yaml", "yml", "json", "safetensors"]))
  var config: String?

  @Flag(help: "Print what the recipe comes to for these data, as a configuration, and train nothing.")
  var explainRecipe = false

  @Flag(help: "Print the result as one JSON object, and nothing else.")
  var json = false

  @Flag(name: .shortAndLong, help: "Print the result only.")
  var quiet = false

  /// Whether the data are a folder of images.
  private var isFolder: Bool { Folder(data[0]).exists }

  private func validateFolder() throws {
    guard data.count == 1 else { throw ValidationError("give one folder of images, not \(data.count)") }
    if target != nil || labels != nil || testLabels != nil {
      throw ValidationError(
        "\(data[0]) is a folder of images, whose labels are the names of the folders in it: leave --target, --labels and "
          + "--test-labels out")
    }
    if test != nil { throw ValidationError("images are tested with --test-images FOLDER") }
    if !rows.isEmpty {
      throw ValidationError("--weights, --split, --split-by and --split-time are columns of a table, not of images")
    }
  }

  func validate() throws {
    if isFolder {
      try validateFolder()
    } else {
      if imageSize != nil { throw ValidationError("--image-size is for folders of images") }
      try validateFiles()
    }
    try validateRest()
  }

  private func validateFiles() throws {
    switch (target, labels) {
    case (nil, nil):
      throw ValidationError("name the column to predict with --target, or a file of labels with --labels")
    case (_?, _?): throw ValidationError("--target is for tables and --labels for arrays; give one of them")
    case (_?, nil):
      if testImages != nil || testLabels != nil { throw ValidationError("a table is tested with --test FILE") }
    case (nil, _?):
      if !rows.isEmpty {
        throw ValidationError("--weights, --split, --split-by and --split-time are columns of a table, not of images")
      }
      if cache.cache == true || cache.cacheFolder != nil {
        throw ValidationError("a cache is for tables, not for arrays; leave --cache and --cache-folder out")
      }
      if test != nil { throw ValidationError("images are tested with --test-images FILE --test-labels FILE") }
    }
    if (testImages == nil) != (testLabels == nil) {
      throw ValidationError("--test-images and --test-labels belong together")
    }
  }

  private func validateRest() throws {
    if holdout != 0 && (test != nil || testImages != nil) {
      throw ValidationError("--holdout and test data both judge the result; give one of them")
    }
    if !(holdout >= 0 && holdout < 1) {
      throw ValidationError("--holdout is a share from 0 to below 1, not \(holdout)")
    }
    if network != nil && (recipe.layers != nil || recipe.activation != nil || recipe.dropout != nil) {
      throw ValidationError(
        "--network declares all layers; --layers, --activation and --dropout have no place beside it")
    }
    if rows.split != nil && (holdout != 0 || recipe.validation != nil) {
      throw ValidationError("--split says which rows are held back; leave --holdout and --validation out")
    }
    if historyEvery == .step && history == nil {
      throw ValidationError("--history-every says what --history FILE holds; give the file too")
    }
  }

  func run() throws {
    let path = try ModelPath(asked: model, data: data[0], besides: config)
    try Overwriting.check(
      writing: [
        ("--model", path.path), ("--log", log), ("--history", history), ("--runs", recording.runs),
        ("--report", report),
      ],
      reading: data + [
        labels, test, testImages, testLabels, network, config, initialWeights == path.path ? nil : initialWeights,
      ])
    try path.check()
    try ReportFile.check(report)
    for note in recipe.idle { Terminal.complain("downhill: note: \(note)") }
    let fingerprints = try DataFingerprints(of: files)
    let (examples, test) = try read()
    let learner = try learner(for: examples)
    let learning = try learner.prepare(examples, test: test)
    if explainRecipe {
      let explanation = RecipeExplanation(learning: learning, source: examples.source, declaresNetwork: network != nil)
      return Terminal.print(explanation.text)
    }
    let configuration = try resolved(learner, learning, fingerprints)
    // From here on training can begin: now files may be written.
    if let folder = safekeeping.checkpoint { try Folder(folder).create() }
    let views = try makeViews(configuration)
    Interruption.listen()
    let run =
      recording.noRecord
      ? nil : try RunRecording(Run(self, learning, configuration: configuration, model: path.path), in: recording.runs)
    if isTalkative { Terminal.print(Introduction(learning, examples).text) }
    do { try train(learning, configuration, path.path, views, run) } catch {
      run?.end(error)
      throw error
    }
  }

  private func train(
    _ learning: Learning, _ configuration: JSONValue, _ path: String, _ views: [any TrainingView], _ run: RunRecording?
  ) throws {
    let curves = report.map { _ in CurveRecording() }
    let views = views + (run.map { [$0] } ?? []) + (curves.map { [$0] } ?? [])
    let learned: Learned
    var refits = false
    do {
      learned = try learning.train(stop: Interruption.stop) { event in
        for view in views { view.handle(event) }
        if !isTalkative, case .warning(let text) = event { Terminal.complain("downhill: warning: \(text)") }
      } onRefit: { refit in
        refits = true
        if isTalkative {
          Terminal.print(
            "Training again from the start, on all \(grouped(refit.rows)) rows, up to the best epoch: \(refit.epochs)")
        }
      }
    } catch let divergence as DivergedLearning {
      guard var lastGood = divergence.lastGood else { throw divergence }
      lastGood.configuration = configuration
      try lastGood.save(to: path)
      throw Failure(
        code: Failure.data, "\(divergence.description). \(path) holds the model of epoch \(lastGood.record.epoch)")
    }
    var model = learned.model
    model.configuration = configuration.withLengths(of: model.record.recipe)
    do throws(FileError) { try model.save(to: path) } catch {
      let folder = safekeeping.checkpoint ?? safekeeping.resume
      let way = folder.map { " Training itself is kept: the same command with --resume \($0) goes on where it ended." }
      throw Failure(code: error.exitCode, "\(error)\(way ?? "")")
    }
    let trees = compareWithTrees(learned, learning)
    if let trees { run?.add(trees) }
    run?.end(learned)
    summarize(learned, path, run, trees)
    if let report, let curves { try write(report, on: learned, path, curves.curves, trees) }
    if learned.ending == .interrupted {
      throw Failure(
        code: Failure.interrupted,
        "interrupted in \(place(learned, refits: refits)); "
          + "\(path) holds the model as far as it came" + goingOn)
    }
  }

  /// Where a training was interrupted. One of the first member of an ensemble is of its first epochs; later ones are left out.
  private func place(_ learned: Learned, refits: Bool) -> String {
    let members = learned.model.members.count
    let asked = learned.model.record.recipe.members ?? 1
    if learned.model.record.memberEpochs != nil, members > 1 || asked > 1 {
      return "one of \(asked) networks, of which \(members) \(members == 1 ? "is" : "are") kept"
    }
    return refits ? "the second training" : "epoch \(learned.model.record.epochs + 1)"
  }

  /// How to go on after an interruption, where that can be.
  private var goingOn: String {
    (safekeeping.checkpoint ?? safekeeping.resume).map { ". Go on with the same command and --resume \($0)" } ?? ""
  }

  private var isResumed: Bool { safekeeping.resume != nil }
  private var isTalkative: Bool { !json && !quiet }

  private func makeViews(_ configuration: JSONValue) throws -> [any TrainingView] {
    var views: [any TrainingView] = []
    if isTalkative { views.append(Terminal.isTerminal ? LiveView() : PlainView()) }
    if let log { views.append(JSONLinesView(try LineFile(log, goesOn: isResumed))) }
    if let tensorboard { views.append(try TensorBoardView(tensorboard, configuration, isResumed: isResumed)) }
    if let history { views.append(HistoryView(try LineFile(history, goesOn: isResumed), every: historyEvery)) }
    return views
  }

  func read() throws -> (Examples, test: Examples?) {
    if isFolder {
      // Found out before all the others are decoded.
      if let testImages { _ = try Folder(testImages).names() }
      let fit = ImageFit(size: imageSize?.size, scales: imageSize != nil)
      let examples = try ExampleSource.folder(data[0], fit: fit, reading: reading, threads: threads.count)
      guard let testImages, case .images(let images) = examples.features else { return (examples, nil) }
      let test = try ExampleSource.folder(
        testImages, fit: ImageFit(images), known: examples.target.distinctValues, reading: reading,
        threads: threads.count)
      return (examples, test)
    }
    if let labels {
      let test = try testImages.map { try ExampleSource.labelled($0, labels: testLabels!) }
      return (try ExampleSource.labelled(ExampleSource.onlyFile(data), labels: labels), test)
    }
    var format = reading.format
    format.missing = schema.missing
    var overrides = schema.overrides
    rows.add(to: &overrides)
    let table = try Table(
      contentsOf: data.sources, format: format, overrides: overrides, target: target, threads: threads.count,
      cache: cache.tableCache
    ) { event in if isTalkative { Terminal.complain("downhill: \(event)") } }
    ReadingNotes.print(table)
    let test = try test.map { path in
      let table = try Table(
        contentsOf: TableSource(path: path), format: reading.format, schema: table.schema, threads: threads.count)
      ReadingNotes.print(table)
      return try Examples(table, target: target!)
    }
    return (try Examples(table, target: target!, weights: rows.weights), test)
  }

  func learner(for examples: Examples) throws -> Learner {
    var learner = Learner(recipe.resolved)
    learner.task = task.task
    learner.seed = seed
    learner.threads = threads.count
    learner.safekeeping = safekeeping.safekeeping
    learner.holdout = holdout
    learner.shuffles = !noShuffle
    learner.layers = try network.map { try Configuration.layers(in: $0) }
    if case .table(let table) = examples.features { learner.split = try rows.rule(for: table) }
    learner.initialWeights = try initialWeights.map { try InitialWeights(reading: $0) }
    return learner
  }

  /// The report's page. The model is there already, whatever becomes of it.
  private func write(
    _ report: String, on learned: Learned, _ path: String, _ curves: LearningCurves, _ trees: TreeComparison?
  ) throws {
    var explainer = Explainer()
    (explainer.seed, explainer.threads) = (seed, threads.count)
    let explanation = try explainer.explain(learned.judgement, acquaintance: learned.acquaintance)
    var page = Report(explanation, of: learned.model, name: path, curves: curves)
    if let trees { page.insert(TreesSection(comparison: trees)) }
    try ReportFile.write(page, to: report)
    if isTalkative { Terminal.print("The report is \(report).") }
  }

  func summarize(_ learned: Learned, _ path: String, _ run: RunRecording?, _ trees: TreeComparison? = nil) {
    let record = learned.model.record
    if json {
      var members: [(String, JSONValue)] = [("task", .string(learned.model.task.rawValue))]
      members += learned.evaluation.json
      members += [
        ("metricsOn", .string(record.metricsOn.rawValue)), ("seconds", JSONValue(learned.seconds)),
        ("epochs", JSONValue(record.epochs)), ("bestEpoch", JSONValue(record.epoch)),
        ("refitted", .boolean(record.refitted)),
        ("parameters", JSONValue(learned.model.parameters.count)), ("seed", JSONValue(seed)),
        ("model", .string(path)), ("ending", .string("\(learned.ending)")),
      ]
      if let trees { members.append(("trees", trees.json)) }
      return printJSON(members)
    }
    if isTalkative { Terminal.print() }
    let how =
      switch learned.ending {
      case .completed: "Trained"
      case .converged: "Converged"
      case .stoppedEarly: "Stopped early: no better epoch for \(record.recipe.patience ?? 0)"
      case .interrupted: "Interrupted"
      case .outOfTime: "The time is over"
      }
    let whose =
      if record.refitted {
        "epoch \(record.epoch) was the best.\nThe result is a second training, on all rows, up to there"
      } else {
        "these are the parameters of epoch \(record.epoch)"
      }
    if let best = record.memberEpochs {
      Terminal.print(
        "\(how). \(best.count) networks in \(Format.duration(learned.seconds)); their best epochs: "
          + "\(best.map(String.init).joined(separator: ", ")).")
    } else {
      Terminal.print("\(how). \(record.epochs) epochs in \(Format.duration(learned.seconds)); \(whose).")
    }
    Terminal.print("")
    let isCrossValidated = record.memberEpochs != nil && record.metricsOn == .validation
    let name =
      isCrossValidated ? "rows, each predicted by the network that has not seen it" : Self.names[record.metricsOn]!
    let before = record.refitted && record.metricsOn == .validation ? ", before the second training" : ""
    Terminal.print("On \(grouped(learned.evaluation.rows)) \(name)\(before):")
    for line in learned.evaluation.lines(labels: learned.model.labels) {
      Terminal.print(line.isEmpty ? "" : "  \(line)")
    }
    for line in trees?.lines ?? [] { Terminal.print(line) }
    Terminal.print("")
    Terminal.print("Saved \(path). Predict with it:  downhill predict \(path) DATA")
    if let note = run?.note { Terminal.print(note) }
  }

  private static let names: [TrainingRecord.Part: String] = [
    .test: "test rows", .holdout: "rows held back", .validation: "validation rows, which chose the best epoch",
    .train: "training rows, which it has learned from",
  ]
}

extension HistoryView.Grain: ExpressibleByArgument {}

/// A task, or `auto`.
enum RequestedTask: String, ExpressibleByArgument, CaseIterable {
  case auto, classification, regression

  var task: LearningTask? { LearningTask(rawValue: rawValue) }
}
