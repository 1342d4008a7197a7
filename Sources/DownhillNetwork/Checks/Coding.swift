#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// What is wrong with a value's coding, as a sentence about “it”; nil: it is the same after encoding and decoding.
package func codingProblem<Value: Codable & Equatable>(of value: Value) -> String? {
  do {
    let decoded = try JSONDecoder().decode(Value.self, from: try JSONEncoder().encode(value))
    return decoded == value ? nil : "it is \(decoded) after encoding and decoding"
  } catch {
    return "it can't be encoded and decoded: \(error)"
  }
}
