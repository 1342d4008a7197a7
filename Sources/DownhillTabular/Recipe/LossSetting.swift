public import DownhillNetwork

/// A loss as it is written on a command line and in a model file: `mse`, `huber(delta: 2)`,
/// `cross-entropy(label-smoothing: 0.1)`. Settings that aren't given are the loss's own defaults.
public struct LossSetting: Sendable {
  public let loss: any Loss

  public init(_ loss: any Loss) { self.loss = loss }

  /// - Throws: `SpellingError` that says what there is.
  public init(_ text: String) throws(SpellingError) {
    loss = try Self.vocabulary.decode(CodedLoss.self, from: text).loss
  }

  public static let crossEntropy = LossSetting(CrossEntropy())
  public static let binaryCrossEntropy = LossSetting(BinaryCrossEntropy())
  public static let meanSquaredError = LossSetting(MeanSquaredError())

  /// The names that there are.
  public static var names: [String] { vocabulary.names }

  private static let vocabulary = Vocabulary(
    "loss",
    ([
      CrossEntropy(), FocalCrossEntropy(), BinaryCrossEntropy(), BinaryFocalCrossEntropy(), MeanSquaredError(),
      MeanAbsoluteError(), Huber(), Quantile(0.5),
    ] as [any Loss]).map { CodedLoss($0) })

  /// What it is a loss for; nil: one of the user's own.
  var task: LearningTask? {
    switch loss {
    case is CrossEntropy, is FocalCrossEntropy, is BinaryCrossEntropy, is BinaryFocalCrossEntropy: .classification
    case is MeanSquaredError, is MeanAbsoluteError, is Huber, is Quantile, is Poisson: .regression
    default: nil
    }
  }

  /// Whether two classes take one output, the probability of the second.
  var isBinary: Bool { loss is BinaryCrossEntropy || loss is BinaryFocalCrossEntropy }
}

extension LossSetting: CustomStringConvertible {
  public var description: String { Self.vocabulary.text(of: CodedLoss(loss)) }
}

extension LossSetting: Equatable {
  public static func == (a: LossSetting, b: LossSetting) -> Bool {
    func isEqual<Kind: Loss>(_ loss: Kind) -> Bool { (b.loss as? Kind) == loss }
    return isEqual(a.loss)
  }
}

/// As text; a user's own loss in coded form.
extension LossSetting: Codable {
  public init(from decoder: any Decoder) throws {
    self = try SpelledValue.decode(from: decoder, spelled: LossSetting.init) { LossSetting(($0 as CodedLoss).loss) }
  }

  public func encode(to encoder: any Encoder) throws {
    try SpelledValue.encode(self, spelled: LossSetting.init, coded: CodedLoss(loss), to: encoder)
  }
}
