/// A named part of a search space.
///
///     SearchDimension("learning-rate", from: 0.0003, to: 0.03, scale: .log)
///     SearchDimension("depth", wholeFrom: 1, to: 4)
///     SearchDimension("optimizer", oneOf: ["adamw", "muon"])
///     SearchDimension("momentum", from: 0.8, to: 0.99, when: "optimizer", is: ["muon"])
public struct SearchDimension: Sendable, Equatable {
  public let name: String
  public let domain: Domain
  /// Where it takes part; nil: always.
  public let condition: Condition?

  /// Another dimension, and the values of it that make this one take part.
  public struct Condition: Sendable, Equatable, Codable {
    public let name: String
    public let values: [SearchValue]

    public init(_ name: String, is values: [SearchValue]) { (self.name, self.values) = (name, values) }
  }

  public init(_ name: String, _ domain: Domain, when condition: Condition? = nil) {
    (self.name, self.domain, self.condition) = (name, domain, condition)
  }

  public init(
    _ name: String, from low: Double, to high: Double, scale: NumberRange.Scale = .linear, when other: String? = nil,
    is values: [SearchValue] = []
  ) {
    self.init(name, .range(NumberRange(low, high, scale: scale)), when: other.map { Condition($0, is: values) })
  }

  public init(
    _ name: String, wholeFrom low: Int, to high: Int, scale: NumberRange.Scale = .linear, when other: String? = nil,
    is values: [SearchValue] = []
  ) {
    self.init(
      name, .range(NumberRange(Double(low), Double(high), scale: scale, isWhole: true)),
      when: other.map { Condition($0, is: values) })
  }

  public init(_ name: String, oneOf choices: [SearchValue], when other: String? = nil, is values: [SearchValue] = []) {
    self.init(name, .choice(choices), when: other.map { Condition($0, is: values) })
  }
}

extension SearchDimension: Codable {
  private enum Key: String, CodingKey { case name, from, to, scale, whole, choices, when }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    name = try container.decode(String.self, forKey: .name)
    condition = try container.decodeIfPresent(Condition.self, forKey: .when)
    if let choices = try container.decodeIfPresent([SearchValue].self, forKey: .choices) {
      domain = .choice(choices)
    } else {
      domain = .range(
        NumberRange(
          try container.decode(Double.self, forKey: .from), try container.decode(Double.self, forKey: .to),
          scale: try container.decodeIfPresent(NumberRange.Scale.self, forKey: .scale) ?? .linear,
          isWhole: try container.decodeIfPresent(Bool.self, forKey: .whole) ?? false))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(name, forKey: .name)
    switch domain {
    case .choice(let choices): try container.encode(choices, forKey: .choices)
    case .range(let range):
      try container.encode(range.low, forKey: .from)
      try container.encode(range.high, forKey: .to)
      try container.encode(range.scale, forKey: .scale)
      try container.encode(range.isWhole, forKey: .whole)
    }
    try container.encodeIfPresent(condition, forKey: .when)
  }
}
