import Downhill

extension Acquaintance {
  /// What a model has to do with some files, by the fingerprints that it has of those it was trained and tested on.
  init(_ model: Model, files: [String]) {
    let configuration = model.configuration
    func fingerprints(_ paths: [String?]) -> Set<String> {
      Set(paths.compactMap { $0.flatMap { configuration?["fingerprints"]?[$0]?.string } })
    }
    let trained = fingerprints(configuration?["data"]?.array?.map(\.string) ?? [])
    let tested = fingerprints(["test", "test-images"].map { configuration?[$0]?.string })
    // What can't be read is told of by its reader.
    let found = files.filter { $0 != "-" }.compactMap { path in (try? FileFingerprint(of: path))?.description }
    self = !trained.isDisjoint(with: found) ? .trainingFile : !tested.isDisjoint(with: found) ? .testFile : .other
  }
}
