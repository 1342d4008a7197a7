internal import DownhillNetwork

/// What each number of a table's rows becomes before the first hidden layer, as it is written on a command line and in a model
/// file: `none`, `periodic`, `periodic(deviation: 0.3)`.
public enum NumberEmbedding: Sendable, Equatable {
  case none
  /// A vector made of waves of learned frequencies, and the number itself: `PeriodicEmbedding` (Gorishniy et al., "On embeddings
  /// for numerical features in tabular deep learning", 2022; Holzmüller et al., "Better by default", 2024).
  /// - Parameter deviation: of the frequencies that it starts with; the larger, the sharper the steps it can learn.
  case periodic(frequencies: Int = 16, outputs: Int = 3, deviation: Float = 0.1)

  /// - Throws: `SpellingError` that says what there is.
  public init(_ text: String) throws(SpellingError) {
    self = try Self.vocabulary.decode(Coded.self, from: text).value
    if let objection { throw SpellingError("“\(text)”: \(objection)") }
  }

  /// The names that there are.
  public static var names: [String] { vocabulary.names }

  private static let vocabulary = Vocabulary(
    "embedding of numbers", [Coded(value: .none), Coded(value: .periodic())])

  private var objection: String? {
    guard case .periodic(let frequencies, let outputs, let deviation) = self else { return nil }
    if !(1...1024).contains(frequencies) { return "an embedding has 1 to 1024 frequencies, not \(frequencies)" }
    if !(1...1024).contains(outputs) { return "an embedding has 1 to 1024 outputs, not \(outputs)" }
    return deviation > 0 && deviation.isFinite ? nil : "frequencies have a deviation above 0, not \(deviation)"
  }

  /// `{"periodic": {"deviation": 0.1, "frequencies": 16, "outputs": 3}}`
  private struct Coded: Codable {
    var value: NumberEmbedding

    private enum Kind: String, CodingKey { case none, periodic }
    private enum Settings: String, CodingKey { case frequencies, outputs, deviation }

    init(value: NumberEmbedding) { self.value = value }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Kind.self)
      guard container.contains(.periodic) else {
        value = .none
        return
      }
      let settings = try container.nestedContainer(keyedBy: Settings.self, forKey: .periodic)
      value = .periodic(
        frequencies: try settings.decode(Int.self, forKey: .frequencies),
        outputs: try settings.decode(Int.self, forKey: .outputs),
        deviation: try settings.decode(Float.self, forKey: .deviation))
    }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: Kind.self)
      switch value {
      case .none: _ = container.nestedContainer(keyedBy: Settings.self, forKey: .none)
      case .periodic(let frequencies, let outputs, let deviation):
        var settings = container.nestedContainer(keyedBy: Settings.self, forKey: .periodic)
        try settings.encode(frequencies, forKey: .frequencies)
        try settings.encode(outputs, forKey: .outputs)
        try settings.encode(deviation, forKey: .deviation)
      }
    }
  }
}

extension NumberEmbedding: CustomStringConvertible {
  public var description: String { Self.vocabulary.text(of: Coded(value: self)) }
}

extension NumberEmbedding: Codable {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    do throws(SpellingError) { try self.init(text) } catch {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: error.description)
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
