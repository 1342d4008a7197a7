import Downhill
import DownhillRuns

/// Training as an entry in the database of runs. It changes nothing about training: what goes wrong with the database is
/// told of in one line.
final class RunRecording: TrainingView {
  private let recorder: RunRecorder
  private let model: String
  private var hasComplained = false
  private var hasEnded = false

  init(_ run: Run, in path: String?) {
    model = run.model
    recorder = RunRecorder(run, in: path ?? RunLocation.path(from: run.folder), createsFolder: path == nil)
    complain()
  }

  func handle(_ event: TrainingEvent) {
    guard let kind = event.kind else { return }
    recorder.add(isDispensable: kind == "epoch") { event.json }
  }

  /// Records what trees come to beside the network.
  func add(_ trees: TreeComparison) {
    recorder.add {
      let members = (trees.json.object?.members ?? []).map { ($0.name, $0.value) }
      return .object(JSONObject([("event", .string("trees"))] + members + [("text", .string(trees.verdict))]))
    }
  }
  /// Records an event of another kind, one of those that `runs show` knows.
  func add(_ event: JSONValue) { recorder.add { event } }

  /// Records that training ended, and with which model.
  /// - Parameters:
  ///   - study: what the trials of a study came to.
  ///   - configuration: that of the result, where it was not known before.
  func end(_ learned: Learned, study: JSONValue? = nil, configuration: JSONValue? = nil) {
    var outcome = RunOutcome(Run.Status(rawValue: learned.ending.rawValue) ?? .completed)
    let record = learned.model.record
    (outcome.epochs, outcome.bestEpoch, outcome.seconds) = (record.epochs, record.epoch, learned.seconds)
    (outcome.study, outcome.configuration) = (study, configuration)
    if study != nil { outcome.parameters = learned.model.parameters.count }
    outcome.metricsOn = record.metricsOn.rawValue
    outcome.metrics = Dictionary(uniqueKeysWithValues: learned.evaluation.values.map { ($0.name, $0.value) })
    outcome.modelFingerprint = (try? FileFingerprint(of: model))?.description
    end(outcome)
  }

  /// Records that training failed, unless it has ended before.
  func end(_ error: any Error) { end(RunOutcome(.failed, message: Failure(error).message)) }

  private func end(_ outcome: RunOutcome) {
    if hasEnded { return }
    hasEnded = true
    recorder.end(outcome)
    complain()
  }

  /// What a talkative command says at its end.
  var note: String? {
    guard recorder.problem == nil, let id = recorder.id else { return nil }
    return "Recorded as run \(id). See the others:  downhill runs list"
  }

  private func complain() {
    guard let problem = recorder.problem, !hasComplained else { return }
    hasComplained = true
    let extent =
      recorder.id == nil ? "this training is not recorded" : "the rest of run \(recorder.id!) is not recorded"
    Terminal.complain("downhill: warning: \(extent): \(problem.message)")
  }
}

extension Run {
  /// A training that is about to begin.
  init(_ train: Train, _ learning: Learning, configuration: JSONValue, model: String, isStudy: Bool = false) throws {
    let folder = RunLocation.currentFolder
    let command = ["downhill"] + CommandLine.arguments.dropFirst()
    let threads = train.threads.count.map { JSONValue($0) } ?? .null
    try self.init(
      task: learning.target.task.rawValue, data: train.data.joined(separator: " "), target: train.target,
      parameters: learning.network.parameterCount(), model: model, folder: folder, command: command,
      revision: GitRepository.revision(of: folder),
      machine: .object(
        JSONObject(Machine.description + [("threads", threads), ("downhill", .string(downhillVersion))])),
      configuration: configuration)
    if isStudy { study = .object(JSONObject()) }
  }
}
