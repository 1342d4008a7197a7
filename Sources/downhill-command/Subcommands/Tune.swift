import ArgumentParser
import Downhill
import DownhillRuns

struct Tune: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Search a better network and better settings for a table, and train with the best.",
    discussion: """
      Trials of other architectures and settings, each judged on rows that it has not learned from; those that fall behind \
      are stopped early. The best are held against the recipe as it is on folds that no trial was chosen by, and the model is \
      trained with what is best there. Takes the options of train: what is given is not searched.

        downhill tune titanic.csv --target survived --time-limit 10m
        downhill tune titanic.csv --target survived --print-space > space.yaml
        downhill tune titanic.csv --target survived --space space.yaml --trials 200

      The study is kept in a folder. After Ctrl-C or a kill the same command with --resume FOLDER goes on with it, to the \
      same result.
      """)

  @OptionGroup var train: Train

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Trials, at most. Without this and without --time-limit, tuning takes ten minutes.", valueName: "count"))
  var trials: Int?

  @Option(help: "Where trials come from: tpe learns from those before, random doesn't.")
  var sampler = SamplerChoice.tpe

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Judge each trial on so many folds of the rows; 1: on one part of them. By default 5 of fewer than 3,000 rows, 3 × 5 of fewer than 1,000, else 1.",
      valueName: "count"))
  var folds: Int?

  @Option(
    help: ArgumentHelp(
      "What trials are compared by; by default log-loss to classify and rmse to regress.", valueName: "score"))
  var score: TuningScore?

  @Option(
    help: ArgumentHelp("What to search, declared in YAML.", valueName: "file"),
    completion: .file(extensions: ["yaml", "yml"]))
  var space: String?

  @Flag(help: "Print what would be searched, as --space takes it, and do nothing else.")
  var printSpace = false

  @Flag(help: "Finish every trial, also those that fall behind.")
  var noStopping = false

  @Option(
    help: ArgumentHelp(
      "Keep the study in this folder, instead of one named after the model: MODEL.study.", valueName: "folder"),
    completion: .directory)
  var study: String?

  @Flag(help: "Begin anew where the folder holds a study.")
  var force = false

  enum SamplerChoice: String, ExpressibleByArgument, CaseIterable { case tpe, random }

  private static let usualSeconds = 600.0

  func validate() throws {
    if let trials, trials < 1 { throw ValidationError("--trials is at least 1, not \(trials)") }
    if let folds, folds < 1 { throw ValidationError("--folds is at least 1, not \(folds)") }
    if study != nil && train.safekeeping.resume != nil {
      throw ValidationError("--resume names the folder of the study; leave --study out")
    }
    if force && train.safekeeping.resume != nil {
      throw ValidationError("--force begins anew and --resume goes on; give one of them")
    }
    let others: [(String, Bool)] = [
      ("--checkpoint", train.safekeeping.checkpoint != nil),
      ("--checkpoint-every", train.safekeeping.checkpointEvery != nil),
      ("--keep-checkpoints", train.safekeeping.keepCheckpoints != nil),
    ]
    if let (name, _) = others.first(where: \.1) {
      throw ValidationError("\(name) is for train: a study is kept trial by trial, and --resume goes on with it")
    }
    if train.explainRecipe {
      throw ValidationError("--explain-recipe is for train; --print-space prints what is searched around the recipe")
    }
    if train.history != nil { throw ValidationError("--history is of one training; --log has a line for each trial") }
  }

  private var isTalkative: Bool { !train.json && !train.quiet }

  func run() throws {
    let path = try ModelPath(asked: train.model, data: train.data[0], besides: train.config)
    try Overwriting.check(
      writing: [("--model", path.path), ("--log", train.log), ("--runs", train.recording.runs)],
      reading: train.files + [train.network, train.config, space])
    if !printSpace { try path.check() }
    let fingerprints = try DataFingerprints(of: train.files)
    let spaceFile = try space.map { try SpaceFile(reading: $0) }
    let (examples, test) = try train.read()
    var learner = try train.learner(for: examples)
    // Those options are the study's.
    (learner.safekeeping.timeLimit, learner.safekeeping.resumes, learner.safekeeping.checkpointing) = (nil, nil, nil)
    let tuning = try tuning(learner, examples, test, spaceFile)
    if printSpace { return Terminal.print(try SpaceFile.text(of: tuning.plan.space)) }
    let before = try train.resolved(learner, tuning.learning, fingerprints)
    let folder = try open(tuning, besides: path.path, configuration: before)
    let budget = StudyBudget(
      trials: trials,
      seconds: train.safekeeping.timeLimit?.seconds ?? (trials == nil ? Self.usualSeconds : nil))
    Interruption.listen()
    let run =
      train.recording.noRecord
      ? nil
      : try RunRecording(
        Run(train, tuning.learning, configuration: before, model: path.path, isStudy: true), in: train.recording.runs)
    let log = try train.log.map { try LineFile($0) }
    let began = ContinuousClock.now, earlier = folder.trials.map(\.elapsed).max() ?? 0
    do {
      if isTalkative { introduce(tuning, examples, folder, budget) }
      let views = makeViews(tuning, budget, folder, log, run)
      let result = try tuning.run(budget, in: folder, stop: Interruption.stop) { event in
        for view in views.all { view.handle(event) }
      }
      let report = TuningReport(tuning, result)
      if !train.json { for line in [""] + report.lines { Terminal.print(line) } }
      if result.ending == .interrupted { throw interrupted(folder, result) }
      var learner = result.learner
      if let seconds = budget.seconds {
        let left = seconds - earlier - (ContinuousClock.now - began) / .seconds(1)
        learner = tuning.finalLearner(result, left: left, of: seconds, keepsMembers: given.contains("members"))
        if isTalkative, let members = learner.recipe.members, members != tuning.learning.recipe.members ?? 1 {
          Terminal.print("\nThere is time for \(members) networks, instead of \(tuning.learning.recipe.members ?? 1).")
        }
      }
      try finish(result, learner, report, examples, test, fingerprints, path.path, folder, log, run)
    } catch {
      run?.end(error)
      throw error
    }
  }

  // MARK: Before

  private func tuning(
    _ learner: Learner, _ examples: Examples, _ test: Examples?, _ spaceFile: SpaceFile?
  ) throws -> Tuning {
    var tuner = Tuner(learner)
    tuner.fixed = given
    tuner.space = spaceFile?.space
    if let space = spaceFile?.space, let name = space.dimensions.map(\.name).first(where: given.contains) {
      throw Failure(
        code: Failure.usage, "“\(name)” is given as an option, and \(self.space!) searches it: leave one of them out")
    }
    tuner.sampler = sampler == .tpe ? .tpe(TreeParzenEstimator()) : .random
    if noStopping { tuner.halving = nil }
    (tuner.score, tuner.folds) = (score, folds)
    do { return try tuner.prepare(examples, test: test) } catch let error as SearchSpaceError {
      throw spaceFile?.failure(error) ?? Failure(code: Failure.usage, "there is nothing to search: \(error)")
    }
  }

  /// The settings that options on the command line decide. What a configuration says is where the search begins.
  private var given: Set<String> {
    var names = GivenOptions(CommandLine.arguments.dropFirst(2), OptionTable(of: Self.self)).names
    for name in names where name.hasPrefix("no-") { names.insert(String(name.dropFirst(3))) }
    if names.contains("layers") { names.formUnion(["depth", "width"]) }
    if names.contains("loss") { names.insert("label-smoothing") }
    if names.contains("standardize") { names.insert("scaling") }
    return names
  }

  private func open(_ tuning: Tuning, besides model: String, configuration: JSONValue) throws -> StudyFolder {
    let suffix = ".safetensors"
    let path =
      train.safekeeping.resume ?? study
      ?? (model.hasSuffix(suffix) ? String(model.dropLast(suffix.count)) : model) + ".study"
    if StudyFolder.exists(in: path) {
      if force {
        StudyFolder.remove(in: path)
      } else if train.safekeeping.resume == nil {
        throw Failure(
          code: Failure.cannotCreate,
          "\(path) holds a study. Go on with it by --resume \(path), begin anew by --force, or name another folder with --study"
        )
      }
    } else if train.safekeeping.resume != nil {
      throw Failure(code: Failure.noInput, "\(path) holds no study to go on with. Name the folder that it was kept in")
    }
    let folder = try StudyFolder(path, header: tuning.header([("configuration", configuration)]))
    try tuning.check(folder)
    return folder
  }

  private func introduce(_ tuning: Tuning, _ examples: Examples, _ folder: StudyFolder, _ budget: StudyBudget) {
    Terminal.print(Introduction(tuning.learning, examples).text)
    let names = tuning.plan.space.dimensions.map(\.name)
    Terminal.print("Searching \(names.count) settings: \(names.joined(separator: ", ")).")
    let limits = [
      budget.trials.map { "\(grouped($0)) trials" }, budget.seconds.map { Format.duration($0) },
    ].compactMap { $0 }.joined(separator: " or ")
    let judged =
      tuning.folds > 1
      ? "the mean \(tuning.score.title) over \(tuning.foldsText)"
      : "\(tuning.score.title) on \(grouped(tuning.rowsJudged)) rows"
    Terminal.print("A trial is judged by \(judged); \(limits) at most; the study is kept in \(folder.path).")
    if !folder.trials.isEmpty {
      Terminal.print("It goes on after \(grouped(folder.trials.count)) trials of earlier sessions.")
    }
    Terminal.print()
  }

  /// Views are called one event at a time, on whichever thread it happened.
  private struct Views: @unchecked Sendable { let all: [any TuningView] }

  private func makeViews(
    _ tuning: Tuning, _ budget: StudyBudget, _ folder: StudyFolder, _ log: LineFile?, _ run: RunRecording?
  ) -> Views {
    var views: [any TuningView] = []
    if isTalkative {
      let earlier = folder.trials.map(\.elapsed).max() ?? 0
      views.append(
        Terminal.isTerminal ? LiveTuningView(tuning, budget, earlier: earlier) : PlainTuningView(tuning))
    }
    if let log { views.append(TuningLinesView { log.write($0.text()) }) }
    if let run { views.append(TuningLinesView { run.add($0) }) }
    return Views(all: views)
  }

  // MARK: After

  private func interrupted(_ folder: StudyFolder, _ result: TuningResult) -> Failure {
    let count = result.trials.count
    let way = count > 0 ? "; with --trials \(count) it ends with what there is" : ""
    return Failure(
      code: Failure.interrupted,
      "interrupted after \(grouped(count)) trials, which \(folder.path) holds. Go on with the same command and --resume "
        + "\(folder.path)\(way)")
  }

  /// Trains with the best recipe and saves the model.
  private func finish(
    _ result: TuningResult, _ learner: Learner, _ report: TuningReport, _ examples: Examples, _ test: Examples?,
    _ fingerprints: DataFingerprints, _ path: String, _ folder: StudyFolder, _ log: LineFile?, _ run: RunRecording?
  ) throws {
    let learning = try learner.prepare(examples, test: test)
    let configuration = try train.resolved(learner, learning, fingerprints)
    var views: [any TrainingView] = []
    if isTalkative {
      Terminal.print("")
      Terminal.print("Training with it:")
      Terminal.print("")
      if result.chosen?.number != 0 { Terminal.print("\(learning.network)\n") }
      views.append(Terminal.isTerminal ? LiveView() : MemberView())
    }
    if let log { views.append(JSONLinesView(log)) }
    if let run { views.append(run) }
    let learned = try learning.train(stop: Interruption.stop) { event in
      for view in views { view.handle(event) }
    } onRefit: { refit in
      if isTalkative { Terminal.print("Training again from the start, on all \(grouped(refit.rows)) rows") }
    }
    if learned.ending == .interrupted { throw interrupted(folder, result) }
    var model = learned.model
    model.configuration = configuration.withLengths(of: model.record.recipe)
    do throws(FileError) { try model.save(to: path) } catch {
      throw Failure(
        code: error.exitCode, "\(error) The study is kept: the same command with --resume \(folder.path) trains again.")
    }
    run?.end(learned, study: .object(JSONObject(report.json)), configuration: configuration)
    if train.json {
      printJSON(
        [("task", .string(model.task.rawValue))] + report.json + learned.evaluation.json + [
          ("metricsOn", .string(model.record.metricsOn.rawValue)), ("seconds", JSONValue(learned.seconds)),
          ("parameters", JSONValue(model.parameters.count)), ("seed", JSONValue(train.seed)), ("model", .string(path)),
          ("study", .string(folder.path)),
        ])
    } else {
      train.summarize(learned, path, run)
    }
  }
}
