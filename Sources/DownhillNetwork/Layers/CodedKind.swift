/// A value of one of many kinds in a file, under the name of its kind: `{"Linear": {"outputs": 10, "bias": true}}`.
package enum CodedKind {
  private struct Kind: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  package static func encode(_ value: some Encodable, as kind: String, to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Kind.self)
    try container.encode(value, forKey: Kind(stringValue: kind))
  }

  /// - Parameters:
  ///   - what: what the values are, for the message: `layer`.
  ///   - names: the kinds that there are.
  package static func decode(
    _ what: String, from decoder: any Decoder, names: [String], type: (String) -> (any Decodable.Type)?
  ) throws -> any Decodable {
    let container = try decoder.container(keyedBy: Kind.self)
    guard container.allKeys.count == 1, let key = container.allKeys.first, let type = type(key.stringValue) else {
      let found = container.allKeys.map(\.stringValue).sorted().joined(separator: ", ")
      throw DecodingError.dataCorrupted(
        .init(
          codingPath: container.codingPath,
          debugDescription: "a \(what) of the kind “\(found)”; known are \(names.joined(separator: ", "))"))
    }
    return try container.decode(type, forKey: key)
  }
}
