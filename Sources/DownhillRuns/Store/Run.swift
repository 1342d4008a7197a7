public import DownhillFiles

/// A training, as it is recorded: what it was asked, where and when it ran, and what came of it.
public struct Run: Sendable, Equatable {
  public enum Status: String, Sendable, CaseIterable {
    case running
    case completed, stoppedEarly, converged
    case outOfTime, interrupted
    /// It ended with an error, which `message` holds.
    case failed
    /// Its process is gone and said nothing. Never written: found out when the run is looked at.
    case lost
  }

  /// From 1, never given twice, not even after a deletion; 0 before the run is recorded.
  public var id = 0
  /// In seconds since 1970, UTC.
  public var started: Double
  public var ended: Double?
  public var status = Status.running
  /// Why it failed.
  public var message: String?
  public var task: String
  /// The files that it learned from, as they were named.
  public var data: String
  public var target: String?
  /// Of the training that chose the best epoch.
  public var epochs: Int?
  public var bestEpoch: Int?
  /// That training took, by the clock.
  public var seconds: Double?
  /// Numbers in θ.
  public var parameters: Int
  /// Which rows the metrics are of: test, holdout, validation or train.
  public var metricsOn: String?
  /// The model's file, as it was named.
  public var model: String
  /// Of the model's bytes.
  public var modelFingerprint: String?
  public var process: ProcessMark?
  /// Where paths start.
  public var folder: String
  public var command: [String]
  /// The commit that was checked out, where the folder is in a Git repository.
  public var revision: String?
  public var machine: JSONValue
  /// All that decides the result; what `train --config` takes. The fingerprints of the data are in it.
  public var configuration: JSONValue
  public var metrics: [String: Double] = [:]
  /// What the trials of a study came to: a run of `tune`, which ends with a training; nil: a training alone. Of runs that are
  /// listed it has the number of trials alone, `trials`.
  public var study: JSONValue?

  /// Trials of a study.
  public var trials: Int? { study?["trials"]?.integer }

  public init(
    started: Double = SystemClock.now, task: String, data: String, target: String?, parameters: Int, model: String,
    process: ProcessMark? = .current, folder: String, command: [String], revision: String?, machine: JSONValue,
    configuration: JSONValue
  ) {
    (self.started, self.task, self.data, self.target, self.parameters) = (started, task, data, target, parameters)
    (self.model, self.process, self.folder, self.command) = (model, process, folder, command)
    (self.revision, self.machine, self.configuration) = (revision, machine, configuration)
  }
}

/// Something that happened in a run.
public struct RunEvent: Sendable, Equatable {
  /// In seconds since 1970, UTC.
  public let time: Double
  /// What it was: an object whose member “event” says which kind.
  public let body: JSONValue

  public init(time: Double, body: JSONValue) { (self.time, self.body) = (time, body) }
}
