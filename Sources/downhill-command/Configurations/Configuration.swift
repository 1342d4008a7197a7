import Downhill
import Yams

/// A training written down: a file of YAML whose keys are the long names of the options of `train`, and `data`; or a model,
/// which carries the configuration that it was trained by.
///
///     data: penguins.csv
///     target: species
///     layers: [128, 64]
///     learning-rate: 0.01
///     no-shuffle: true
struct Configuration: Sendable {
  static let option = "config"
  static let data = "data"
  private static let fingerprintsKey = "fingerprints"
  private static let networkKey = "network"

  /// That of the command under way: a file may be a pipe, and is read once.
  @TaskLocal static var current: Configuration?

  /// What messages call it.
  let path: String
  /// In the order of the file.
  private(set) var entries: [Entry] = []
  /// Of the files that the training read.
  private(set) var fingerprints: [String: FileFingerprint] = [:]
  /// Layers that stand in the configuration itself.
  private(set) var layers: [any Component]?

  /// One key, as arguments of the command.
  struct Entry: Sendable {
    let key: String
    let arguments: [String]
    /// `FILE:LINE`
    let place: String
  }

  /// - Throws: `Failure` with the place of a key that there is not, or of a value of the wrong shape; `FileError`.
  init(reading path: String, _ table: OptionTable = OptionTable(of: Train.self)) throws {
    self.path = path
    let reader = ConfigurationReader(path: path, table: table)
    for (key, value) in try reader.members() {
      let name = try reader.name(key, others: [Self.data, Self.fingerprintsKey])
      switch (name, value) {
      case (Self.fingerprintsKey, _): fingerprints = try reader.fingerprints(value)
      case (Self.networkKey, .sequence):
        layers = try NetworkFile(value, path: path).layers
        // Whoever reads the network finds it here.
        entries.append(Entry(key: name, arguments: ["--\(name)=\(path)"], place: reader.place(key)))
      default:
        let arguments = try reader.arguments(name, value)
        entries.append(Entry(key: name, arguments: arguments, place: reader.place(value)))
      }
    }
  }
}
