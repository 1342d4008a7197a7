import Downhill

/// Where `train` saves its model.
struct ModelPath {
  let path: String
  private let wasAsked: Bool

  /// - Parameters:
  ///   - asked: nil: named after the data, in the current folder.
  ///   - other: a file that a name nobody asked for must not be.
  init(asked: String?, data: String, besides other: String? = nil) throws {
    wasAsked = asked != nil
    if let asked {
      path = asked
      return
    }
    let file = data.split(separator: "/").last.map(String.init) ?? "model"
    let stem = file.split(separator: ".", omittingEmptySubsequences: false).first.map(String.init) ?? ""
    let name = stem.isEmpty || stem == "-" ? "model" : stem
    let path = name + ".safetensors"
    self.path = other.map { isSameFile($0, path) } == true ? name + "-2.safetensors" : path
  }

  /// Finds out before training what would go wrong after it.
  /// - Throws: `FileError` where the file can't be created; `Failure` where a file that nobody named would be lost.
  func check() throws {
    // Never committed, so nothing is changed.
    _ = try AtomicFile(path)
    if wasAsked { return }
    do {
      _ = try Model(reading: path)
    } catch  where error.kind == .cannotOpen {
    } catch {
      throw Failure(
        code: Failure.cannotCreate,
        "\(path) is there already and is no model of this version; it stays as it is. Say where to save with --model")
    }
  }
}
