import Downhill

/// Training as event files for TensorBoard: one folder is one curve there, so each member of an ensemble has its own.
final class TensorBoardView: TrainingView {
  private let folder: String
  private let configuration: JSONValue
  private let isResumed: Bool
  /// Of this part of the training.
  private var file: EventFile?
  private var member: Int?
  /// Of so many steps one is logged: more points than a screen has would only fill the disk.
  private var every = 1
  private var failed = false

  private static let mostSteps = 5_000

  /// - Throws: `Failure` where the folder holds events of another training: TensorBoard would show both as one.
  init(_ folder: String, _ configuration: JSONValue, isResumed: Bool) throws {
    (self.folder, self.configuration, self.isResumed) = (folder, configuration, isResumed)
    try Self.makeFolders(folder)
    guard !isResumed else { return }
    for place in [folder, Self.folder(of: 1, in: folder)] where Folder(place).exists {
      if try Folder(place).names().contains(where: { $0.contains(EventFile.mark) }) {
        throw Failure(
          code: Failure.cannotCreate,
          "\(place) holds events of an earlier training, and TensorBoard would show both as one. Name another folder; one "
            + "for each training, inside the folder that TensorBoard is started with, compares them")
      }
    }
  }

  func handle(_ event: TrainingEvent) {
    switch event {
    case .member(let number, _):
      member = number
      file = nil
    case .began(let beginning): begin(beginning)
    case .step(let step):
      guard step.step % every == 0 || step.step == 1 else { return }
      file?.write(.scalars([("step/loss", step.loss), ("step/rate", step.rate)]), step: step.step)
    case .epoch(let epoch): write(epoch)
    case .checkpoint, .warning: break
    case .ended: file?.flush()
    }
  }

  private func begin(_ beginning: TrainingEvent.Beginning) {
    if failed { return }
    every = max(1, beginning.epochs * beginning.stepsPerEpoch / Self.mostSteps)
    do {
      let file = try EventFile(in: member.map { Self.folder(of: $0, in: folder) } ?? folder)
      if isResumed { file.write(.restart, step: beginning.resumedAfter + 1) }
      if beginning.resumedAfter == 0 { file.write(.text(tag: "configuration/text_summary", markdown(beginning))) }
      file.flush()
      self.file = file
    } catch {
      failed = true
      Terminal.complain("downhill: warning: \(Failure(error).message); training goes on")
    }
  }

  private func write(_ epoch: TrainingEvent.Epoch) {
    var scalars = [("epoch/loss", epoch.loss)]
    if let loss = epoch.validationLoss { scalars.append(("epoch/validation loss", loss)) }
    scalars += epoch.metrics.map { ("epoch/\($0.name)", $0.value) }
    scalars += [("epoch/rate", epoch.rate), ("epoch/number", Double(epoch.epoch))]
    file?.write(.scalars(scalars.map { (tag: $0.0, value: $0.1) }), step: epoch.steps)
    file?.flush()
  }

  /// The configuration as a table, which TensorBoard shows as such.
  private func markdown(_ beginning: TrainingEvent.Beginning) -> String {
    func cell(_ text: String) -> String {
      text.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
    }
    let members = (configuration.object?.members ?? []).map { ($0.name, $0.value.string ?? $0.value.text()) }
    let rows = [("parameters", "\(beginning.parameters)"), ("rows", "\(beginning.rows)")] + members
    return "| option | value |\n|---|---|\n" + rows.map { "| \(cell($0.0)) | \(cell($0.1)) |\n" }.joined()
  }

  private static func folder(of member: Int, in folder: String) -> String { Folder(folder).file("member-\(member)") }

  /// The folder, and those that it stands in.
  private static func makeFolders(_ path: String) throws {
    var place = path.hasPrefix("/") ? "/" : ""
    for part in path.split(separator: "/") {
      place += place.isEmpty || place == "/" ? String(part) : "/\(part)"
      try Folder(place).create()
    }
  }
}
