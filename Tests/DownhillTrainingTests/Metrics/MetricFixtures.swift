import Foundation
import Testing

/// The cases in a JSON file under Tests/Fixtures.
func fixture<Value: Decodable>(_ name: String) -> Value {
  let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  do {
    return try JSONDecoder().decode(
      Value.self, from: Data(contentsOf: tests.appending(components: "Fixtures", name)))
  } catch {
    preconditionFailure("Tests/Fixtures/\(name): \(error)")
  }
}

/// Equal to 12 digits.
func close(_ a: Double, _ b: Double) -> Bool { abs(a - b) <= 1e-12 * max(1, abs(b)) }
