internal import DownhillCompute
public import DownhillFiles

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

extension Checkpoint {
  private static let format = "downhill.checkpoint"
  private static let version = "1"

  private struct Content: Codable {
    let setup: TrainingSetup
    let progress: Progress
  }

  /// Writes one safetensors file, whole or not at all.
  public func save(to path: String) throws(FileError) {
    let tensors =
      [("parameters", parameters), ("kept", kept)] + optimizer.enumerated().map { ("optimizer.\($0)", $1) }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    let content: Data
    do { content = try encoder.encode(Content(setup: setup, progress: progress)) } catch {
      preconditionFailure("a checkpoint that can't be written as JSON: \(error)")
    }
    try SafetensorsFile.write(
      tensors.map { NamedTensor(name: $0, shape: [$1.count], elements: $1.elements) },
      metadata: [
        "format": Self.format, "format_version": Self.version, "checkpoint": String(decoding: content, as: UTF8.self),
      ], to: path)
  }

  /// Reads a file that `save` wrote.
  /// - Throws: `FileError` for a file that can't be read, is cut short, was altered, or is no checkpoint.
  public init(reading path: String) throws(FileError) {
    let file = try SafetensorsFile(reading: path, checksum: .required)
    func refuse(_ problem: String) -> FileError {
      FileError(.malformed, path: path, problem: problem, advice: "Resume from another checkpoint, or train anew.")
    }
    guard file.metadata["format"] == Self.format else { throw refuse("it is a safetensors file, but no checkpoint") }
    guard file.metadata["format_version"] == Self.version else {
      throw refuse(
        "it has version \(file.metadata["format_version"] ?? "?") of the format, and this reads \(Self.version)")
    }
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    let content: Content
    do {
      content = try decoder.decode(Content.self, from: Data((file.metadata["checkpoint"] ?? "").utf8))
    } catch { throw refuse("its description can't be read: \(error)") }
    let parameters = Vector(try file.floats("parameters")), kept = Vector(try file.floats("kept"))
    var optimizer: [Vector] = []
    while file["optimizer.\(optimizer.count)"] != nil {
      optimizer.append(Vector(try file.floats("optimizer.\(optimizer.count)")))
    }
    guard ([kept] + optimizer).allSatisfy({ $0.count == parameters.count }) else {
      throw refuse("its vectors are not of one length")
    }
    self.init(
      setup: content.setup, progress: content.progress, parameters: parameters, kept: kept, optimizer: optimizer)
  }
}
