/// Values that a file has as text where there are words for them, and else, because they are a user's own, in coded form.
enum SpelledValue {
  static func decode<Value, Coded: Decodable>(
    from decoder: any Decoder, spelled: (String) throws(SpellingError) -> Value, coded: (Coded) -> Value
  ) throws -> Value {
    let container = try decoder.singleValueContainer()
    guard let text = try? container.decode(String.self) else { return coded(try container.decode(Coded.self)) }
    do throws(SpellingError) { return try spelled(text) } catch {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: error.description)
    }
  }

  static func encode<Value: Equatable & CustomStringConvertible>(
    _ value: Value, spelled: (String) throws(SpellingError) -> Value, coded: some Encodable, to encoder: any Encoder
  ) throws {
    var container = encoder.singleValueContainer()
    let text = value.description
    if (try? spelled(text)) == value { try container.encode(text) } else { try container.encode(coded) }
  }
}
