internal import DownhillCompute
internal import DownhillNetwork

/// What is trained, on what, and how: what a checkpoint must agree with to go on with it.
public struct TrainingSetup: Sendable, Equatable, Codable {
  /// Names and values, in the order in which a difference is looked for.
  let entries: [Entry]

  struct Entry: Sendable, Equatable, Codable {
    let name: String
    let value: String
  }

  init(_ trainer: Trainer, _ samples: Samples, _ validation: Samples?, start: Parameters?) {
    let options = trainer.options
    func stopping(_ stopping: EarlyStopping) -> String {
      "\(stopping.monitor), patience \(stopping.patience.map(String.init) ?? "none")"
    }
    var entries: [Entry] = []
    func add(_ name: String, _ value: String) { entries.append(Entry(name: name, value: value)) }
    add("network", trainer.network.description)
    add("loss", "\(trainer.loss)")
    add("optimizer", options.minimizer.map { "\($0)" } ?? "\(options.optimizer)")
    add("clipping", "\(options.clipping)")
    add("average", options.average.map { "\($0)" } ?? "none")
    add("decay of", options.decaying.map { "\($0)" }.sorted().joined(separator: ", "))
    add("learning rate", "\(options.learningRate)")
    add("schedule", "\(options.schedule)")
    for (name, schedule) in [
      ("momentum", options.momentumSchedule), ("decay", options.decaySchedule), ("dropout", options.dropoutSchedule),
    ] {
      add("schedule of \(name)", schedule.map { "\($0)" } ?? "none")
    }
    add("batch size", "\(options.batchSize.rows(of: samples.count))")
    add("epochs", "\(options.epochs)")
    add("last epoch", options.endsAfter.map(String.init) ?? "none")
    add("shuffling", "\(options.shuffles)")
    add("early stopping", options.earlyStopping.map(stopping) ?? "none")
    add("metrics", options.metrics.map(\.name).joined(separator: ", "))
    add("seed", "\(options.seed)")
    add("training rows", "\(samples.count), fingerprint \(samples.fingerprint)")
    add("validation rows", validation.map { "\($0.count), fingerprint \($0.fingerprint)" } ?? "none")
    add("first parameters", start.map { "fingerprint \($0.vector.fingerprint)" } ?? "by the seed")
    self.entries = entries
  }

  /// What is different in another, for people; nil: nothing.
  func difference(from other: TrainingSetup) -> String? {
    for (mine, theirs) in zip(entries, other.entries) where mine != theirs {
      guard mine.name == theirs.name else { break }
      let (a, b) = Self.firstDifference(mine.value, theirs.value)
      return "its \(mine.name) is “\(a)”, and that of this training “\(b)”"
    }
    return entries == other.entries ? nil : "it is of another version of Downhill"
  }

  /// The first lines that differ.
  private static func firstDifference(_ a: String, _ b: String) -> (String, String) {
    func lines(_ text: String) -> [String] {
      text.split(separator: "\n").map { String($0.drop { $0 == " " }) }
    }
    let (mine, theirs) = (lines(a), lines(b))
    let place = zip(mine, theirs).prefix { $0 == $1 }.count
    func line(_ lines: [String]) -> String { place < lines.count ? lines[place] : lines.last ?? "" }
    return (line(mine), line(theirs))
  }
}

extension Samples {
  /// A number that other samples hardly have.
  var fingerprint: String {
    var hash = Fingerprint()
    hash.add(inputs)
    switch targets {
    case .classes(let codes): for code in codes { hash.add(UInt32(bitPattern: code)) }
    case .values(let matrix): hash.add(matrix)
    }
    for weight in weights ?? [] { hash.add(weight.bitPattern) }
    return hash.hexadecimal
  }
}
