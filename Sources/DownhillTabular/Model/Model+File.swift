internal import DownhillCompute
public import DownhillFiles
internal import DownhillNetwork
internal import DownhillTables
internal import DownhillTraining

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

extension Model {
  /// The version of the file's format. A file of a higher version is refused. Version 2 added ensembles, temperatures, limits and codes of categories; a
  /// model that has none of them is written as version 1.
  public static let formatVersion = 2
  private static let firstFormatVersion = 1

  /// Writes the model as one safetensors file, whole or not at all: a tensor for each parameter, everything else as
  /// JSON in the metadata. The same model makes the same bytes.
  /// - Throws: `FileError` where the file can't be written; what was there before is still there then.
  public func save(to path: String) throws(FileError) {
    try SafetensorsFile.write(tensors, metadata: metadata(), to: path)
  }

  /// The bytes of the file.
  public func encoded() throws(FileError) -> [UInt8] { try SafetensorsFile.encode(tensors, metadata: metadata()) }

  private var tensors: [NamedTensor] {
    members.enumerated().flatMap { index, member in
      member.shapes.map {
        NamedTensor(
          name: Self.tensorName($0.name, member: index, of: members.count), shape: $0.shape,
          elements: member[$0.name]!.elements)
      }
    }
  }

  /// `0.weights`, or `member 2/0.weights` where there are several.
  static func tensorName(_ name: String, member: Int, of count: Int) -> String {
    count == 1 ? name : "member \(member + 1)/\(name)"
  }

  private func metadata() throws(FileError) -> [String: String] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let content = Content(
      schema: schema, target: target, encoder: self.encoder, targetEncoding: targetEncoding, network: network,
      record: record, members: members.count == 1 ? nil : members.count,
      temperature: temperature == 1 ? nil : temperature,
      limits: limits.map { [$0.lowerBound, $0.upperBound] })
    let version = content.needsVersion2 ? Self.formatVersion : Self.firstFormatVersion
    do {
      var metadata = [
        MetadataKey.format: MetadataKey.formatName, MetadataKey.formatVersion: "\(version)",
        MetadataKey.libraryVersion: downhillVersion,
        MetadataKey.model: String(decoding: try encoder.encode(content), as: UTF8.self),
      ]
      metadata[MetadataKey.configuration] = configuration?.text()
      return metadata
    } catch {
      throw FileError(
        .inputOutput, path: "(in memory)", problem: "the model can't be written as JSON: \(error)",
        advice: "A number in it is not finite; train it again.")
    }
  }

  /// Reads a model file. Everything in it is checked; nothing in it is run.
  /// - Parameter catalogs: the kinds of layers, losses and schedules that it may name.
  /// - Throws: `FileError` for a file that can't be read, is cut short, was altered, is of a newer format, or is no model.
  public init(reading path: String, catalogs: Catalogs = Catalogs()) throws(FileError) {
    try self.init(try SafetensorsFile(reading: path, checksum: .required), catalogs)
  }

  /// Reads a model from the bytes of a file.
  public init(decoding bytes: [UInt8], catalogs: Catalogs = Catalogs()) throws(FileError) {
    try self.init(try SafetensorsFile(contents: bytes, checksum: .required), catalogs)
  }

  private init(_ file: SafetensorsFile, _ catalogs: Catalogs) throws(FileError) {
    func refuse(_ problem: String, _ advice: String = "Train the model again, or restore the file from a copy.")
      -> FileError
    { FileError(.malformed, path: file.path, problem: problem, advice: advice) }

    guard file.metadata[MetadataKey.format] == MetadataKey.formatName else {
      throw refuse(
        "it is a safetensors file, but no Downhill model", "Name a file that the training wrote.")
    }
    guard let version = Int(file.metadata[MetadataKey.formatVersion] ?? ""), version > 0 else {
      throw refuse("it doesn't say which version of the format it has")
    }
    guard version <= Self.formatVersion else {
      throw refuse(
        "it has version \(version) of the format, and this is Downhill \(downhillVersion), which reads versions up to "
          + "\(Self.formatVersion)", "Update Downhill to use it.")
    }
    let content: Content
    do {
      let decoder = JSONDecoder()
      decoder.userInfo = [
        .layerCatalog: catalogs.layers, .lossCatalog: catalogs.losses, .scheduleCatalog: catalogs.schedules,
      ]
      content = try decoder.decode(
        Content.self, from: Data((file.metadata[MetadataKey.model] ?? "").utf8))
    } catch {
      throw refuse("its description can't be read: \(Self.explain(error))")
    }
    if let problem = content.objection { throw refuse(problem) }

    // Shapes first: a network that the file doesn't fill takes no memory.
    let shapes: [(name: String, shape: [Int])]
    do throws(NetworkError) { shapes = try content.network.parameterShapes() } catch { throw refuse(error.reason) }
    let count = content.members ?? 1
    let (expected, overflow) = shapes.count.multipliedReportingOverflow(by: count)
    guard !overflow, expected == file.entries.count else {
      throw refuse("it holds \(file.entries.count) tensors, and its network takes \(overflow ? "more" : "\(expected)")")
    }
    for member in 0..<count {
      for (name, shape) in shapes {
        let name = Self.tensorName(name, member: member, of: count)
        if file[name]?.shape != shape { throw refuse("the tensor “\(name)” of the shape \(shape) is missing") }
      }
    }
    var members: [Parameters] = []
    for member in 0..<count {
      var parameters: Parameters
      do throws(NetworkError) { parameters = try content.network.zeroParameters() } catch { throw refuse(error.reason) }
      for (name, shape) in shapes {
        let tensor = Self.tensorName(name, member: member, of: count)
        let elements = try file.floats(tensor)
        guard elements.allSatisfy(\.isFinite) else {
          throw refuse("the tensor “\(tensor)” holds numbers that are not finite")
        }
        parameters[name] = Matrix(
          rows: shape.count == 2 ? shape[0] : 1, columns: shape[shape.count - 1], elements: elements)
      }
      members.append(parameters)
    }
    var configuration: JSONValue?
    do {
      configuration = try file.metadata[MetadataKey.configuration].map { try JSONValue(parsing: $0) }
    } catch { throw refuse("its configuration can't be read: \(error)") }
    self.init(
      schema: content.schema, target: content.target, encoder: content.encoder,
      targetEncoding: content.targetEncoding, network: content.network, members: members, record: content.record,
      configuration: configuration)
    temperature = content.temperature ?? 1
    limits = content.limits.map { $0[0]...$0[1] }
  }

  private static func explain(_ error: any Error) -> String {
    guard let error = error as? DecodingError else { return "\(error)" }
    switch error {
    case .dataCorrupted(let context), .keyNotFound(_, let context), .typeMismatch(_, let context),
      .valueNotFound(_, let context):
      let path = context.codingPath.map(\.stringValue).joined(separator: ".")
      return path.isEmpty ? context.debugDescription : "\(context.debugDescription) (at \(path))"
    @unknown default: return "\(error)"
    }
  }
}

/// The keys of the metadata.
private enum MetadataKey {
  static let format = "format"
  static let formatName = "downhill.model"
  static let formatVersion = "format_version"
  static let libraryVersion = "downhill_version"
  static let model = "model"
  static let configuration = "configuration"
}

/// The JSON in the metadata.
private struct Content: Codable {
  var schema: Schema?
  var target: String
  var encoder: FeatureEncoder
  var targetEncoding: TargetEncoding
  var network: Network
  var record: TrainingRecord
  var members: Int?
  var temperature: Double?
  /// The lower and the upper.
  var limits: [Double]?

  var needsVersion2: Bool { members != nil || temperature != nil || limits != nil || encoder.makesCodes }

  /// Where the parts don't fit together; nil: they do.
  var objection: String? {
    let outputs: Int
    do throws(NetworkError) { outputs = try network.outputs().count } catch { return error.reason }
    if let objection = encoder.objection { return objection }
    if let members, members < 1 { return "it has \(members) members" }
    if let temperature, !(temperature > 0 && temperature.isFinite) { return "its temperature is \(temperature)" }
    if let limits, limits.count != 2 || !(limits[0] <= limits[1]) { return "its limits are \(limits)" }
    guard encoder.width == network.inputs.count else {
      return "its encoder makes \(encoder.width) columns, and its network takes \(network.inputs.count)"
    }
    // Networks for images take them as such, or as vectors.
    guard network.inputs == encoder.shape || network.inputs == Shape([encoder.width]) else {
      return "its encoder makes rows of the shape \(encoder.shape), and its network takes \(network.inputs)"
    }
    switch targetEncoding {
    case .classes(let labels):
      guard labels.count >= 2, Set(labels).count == labels.count else { return "its labels are not distinct" }
      guard outputs == labels.count || (outputs == 1 && labels.count == 2) else {
        return "its network has \(outputs) outputs for \(labels.count) labels"
      }
    case .value(let scaling):
      guard outputs == 1, scaling.isSound, scaling.scale > 0, !scaling.clips else {
        return "its target is scaled in a way that can't be undone"
      }
    }
    if case .table(let table) = encoder {
      guard let schema else { return "it lacks the schema of its table" }
      guard Set(schema.names).count == schema.columns.count else { return "its schema has a column twice" }
      let kinds = Dictionary(uniqueKeysWithValues: schema.columns.map { ($0.name, $0.kind) })
      for column in table.columns {
        guard let kind = kinds[column.column], column.fits(kind) else {
          return "its schema and its encoder disagree on the column “\(column.column)”"
        }
      }
    }
    return nil
  }
}
