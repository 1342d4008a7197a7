public import DownhillTabular

/// What a model has to do with the rows that it is explained on: whether the figures flatter it.
public enum Acquaintance: String, Sendable, Equatable {
  /// Rows of test data, or held back: it has learned nothing from them.
  case test, holdout
  /// Rows that chose the best epoch.
  case validation
  /// Each row is predicted by the member of an ensemble that has not learned from it.
  case crossValidation
  /// Rows that it has learned from.
  case training
  /// A file that it was trained on; some of its rows may have been held back.
  case trainingFile
  /// The file that it was tested on after training.
  case testFile
  /// Data of which the model knows nothing.
  case other

  /// How many rows of which kind, as the end of a sentence: “… on 69 rows held back”.
  public func rows(_ count: String) -> String {
    switch self {
    case .test: "\(count) test rows"
    case .holdout: "\(count) rows held back"
    case .validation: "\(count) validation rows"
    case .crossValidation: "\(count) rows, each predicted by the network that has not seen it"
    case .training: "\(count) training rows"
    case .trainingFile, .testFile, .other: "\(count) rows"
    }
  }

  /// What a reader must know before believing a figure; nil: nothing.
  public var warning: String? {
    switch self {
    case .training:
      "These are the rows that the model has learned from: on others it will do worse."
    case .trainingFile:
      "The model was trained on this very file: on most of these rows the figures flatter it. Explain it on other data, or train "
        + "with --holdout and --report."
    case .validation: "These rows chose the best epoch, which flatters the figures a little."
    case .test, .holdout, .crossValidation, .testFile, .other: nil
    }
  }

  init(_ part: TrainingRecord.Part, isCrossValidated: Bool) {
    switch part {
    case .test: self = .test
    case .holdout: self = .holdout
    case .validation: self = isCrossValidated ? .crossValidation : .validation
    case .train: self = .training
    }
  }
}

extension Learned {
  /// What the model has to do with the rows that it is judged on.
  public var acquaintance: Acquaintance {
    Acquaintance(model.record.metricsOn, isCrossValidated: judgement.parts.count > 1)
  }
}
