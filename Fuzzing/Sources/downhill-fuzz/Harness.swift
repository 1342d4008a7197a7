/// A reader under test: whatever its input, it gives a value or an error, soon and in little memory.
struct Harness: Sendable {
  /// What the script, the environment and folders call it.
  let name: String
  /// Inputs are JSON documents: they are changed node by node as often as byte by byte.
  var isJSON = false
  /// Inputs to begin with, one for each thing that the reader knows.
  let seeds: @Sendable () throws -> [[UInt8]]
  let run: @Sendable ([UInt8]) -> Void
}

/// All of them. A new reader is a line here, and a file in `Harnesses`.
let harnesses: [Harness] = [
  tables, arrays, images, json, models, checkpoints, words, networks, configurations, spaces,
]

/// Ends the run where what must hold does not.
func require(_ condition: Bool, _ problem: @autoclosure () -> String) {
  if !condition { fatalError(problem()) }
}

/// An error is a paragraph for people, however odd the input.
func check(_ error: any Error) {
  let text = "\(error)"
  require(!text.isEmpty && text.utf8.count < 1 << 14, "an error of \(text.utf8.count) bytes: \(text.prefix(2000))")
}

/// What is read, or nil, after a look at the error.
func attempt<Value>(_ body: () throws -> Value) -> Value? {
  do { return try body() } catch {
    check(error)
    return nil
  }
}
