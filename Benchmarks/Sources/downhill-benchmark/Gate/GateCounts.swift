import Foundation

/// The committed counts, and what they hold for.
struct GateCounts: Codable {
  /// Other compilers make other instructions.
  var compiler: String
  /// That Downhill chose under valgrind.
  var instructionSet: String
  /// Growth that is let pass, as a share.
  var tolerance: Double
  /// Instructions of one step, row or table, by the case's name.
  var counts: [String: Int]

  init(compiler: String, instructionSet: String, counts: [String: Int]) {
    self.compiler = compiler
    self.instructionSet = instructionSet
    self.counts = counts
    tolerance = 0.05
  }

  init(reading path: String) throws {
    self = try JSONDecoder().decode(GateCounts.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
  }

  func write(to path: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    try (encoder.encode(self) + Data("\n".utf8)).write(to: URL(fileURLWithPath: path))
  }
}
