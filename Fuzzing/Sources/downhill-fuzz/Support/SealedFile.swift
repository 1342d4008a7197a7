import Downhill

/// A safetensors file as a document that is easy to change, `{"metadata": {…}, "tensors": {"name": [shape]}}`.
struct SealedFile {
  private var metadata: [String: String] = [:]
  private var tensors: [NamedTensor] = []
  private static let mostElements = 1 << 12

  /// nil: it is none.
  init?(_ bytes: [UInt8]) {
    guard let document = try? JSONValue(parsing: bytes), let texts = document["metadata"]?.object else { return nil }
    for member in texts.members where member.name != "downhill.checksum" {
      metadata[member.name] = member.value.string ?? member.value.text()
    }
    var left = Self.mostElements
    for member in document["tensors"]?.object?.members ?? [] where member.name != "__metadata__" {
      let shape = (member.value.array ?? []).compactMap(\.integer)
      var count = 1
      for extent in shape {
        let (product, overflow) = count.multipliedReportingOverflow(by: extent)
        guard !overflow, extent >= 0, product <= left else { return nil }
        count = product
      }
      left -= count
      tensors.append(
        NamedTensor(name: member.name, shape: shape, elements: (0..<count).map { Float($0 % 7) / 8 - 0.3 }))
    }
  }

  func encoded() throws -> [UInt8] { try SafetensorsFile.encode(tensors, metadata: metadata) }

  static func document(of file: SafetensorsFile) -> [UInt8] {
    let texts = file.metadata.sorted { $0.key < $1.key }.map { name, text in
      (name, text.hasPrefix("{") ? (try? JSONValue(parsing: text)) ?? .string(text) : .string(text))
    }
    let tensors = file.entries.map { ($0.name, JSONValue.array($0.shape.map { JSONValue($0) })) }
    let document = JSONValue.object(
      JSONObject([("metadata", .object(JSONObject(texts))), ("tensors", .object(JSONObject(tensors)))]))
    return Array(document.text().utf8)
  }
}
