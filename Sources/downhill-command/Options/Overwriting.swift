import Downhill

/// Keeps what a command writes apart from what it reads.
enum Overwriting {
  /// - Throws: `Failure` where a file to write is one of those to read, or where two files to write are one.
  static func check(writing outputs: [(option: String, path: String?)], reading inputs: [String?]) throws {
    let outputs = outputs.compactMap { option, path in path.map { (option, $0) } }
    for (index, (option, path)) in outputs.enumerated() {
      if let input = inputs.compactMap({ $0 }).first(where: { isSameFile($0 == "-" ? "/dev/stdin" : $0, path) }) {
        throw Failure(
          code: Failure.cannotCreate, "\(option) \(path) would overwrite \(input), which is read. Name another file")
      }
      if let other = outputs[..<index].first(where: { $0.1 == path || isSameFile($0.1, path) }) {
        throw Failure(code: Failure.usage, "\(other.0) and \(option) both name \(path). Name two files")
      }
    }
  }
}
