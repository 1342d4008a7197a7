/// The header of a safetensors file, checked against the file.
struct SafetensorsHeader {
  /// The JSON text and its padding, in bytes from the start of the file.
  let range: Range<Int>
  let entries: [SafetensorsFile.Entry]
  let metadata: [String: String]

  private static let advice = "It is not a safetensors file, or a damaged one: get it again."

  init(contents: [UInt8], path: String) throws(FileError) {
    range = try Self.range(contents, path: path)
    let start = range.lowerBound
    func fault(_ problem: String, offset: Int? = nil) -> FileError {
      FileError(.malformed, path: path, offset: offset ?? start, problem: problem, advice: Self.advice)
    }
    guard contents[start] == UInt8(ascii: "{") else { throw fault("the header does not start with '{'") }
    let document: JSONValue
    do {
      document = try JSONValue(parsing: contents[range])
    } catch {
      throw fault("the header is not valid JSON: \(error.problem)", offset: start + error.offset)
    }
    var entries: [SafetensorsFile.Entry] = []
    var metadata: [String: String] = [:]
    for member in document.object?.members ?? [] {
      if member.name == "__metadata__" {
        guard case .object(let texts) = member.value else { throw fault("__metadata__ is \(member.value.kind)") }
        for text in texts.members {
          guard case .string(let value) = text.value else {
            throw fault("\(quoted(text.name)) in __metadata__ is \(text.value.kind), a string was expected")
          }
          metadata[text.name] = value
        }
      } else {
        switch Self.entry(member, dataStart: range.upperBound) {
        case .success(let entry): entries.append(entry)
        case .failure(let objection): throw fault("tensor \(quoted(member.name)): \(objection.text)")
        }
      }
    }
    // Empty tensors first where they share a start, so that each tensor starts where the one before ends.
    entries.sort { ($0.bytes.lowerBound, $0.bytes.upperBound) < ($1.bytes.lowerBound, $1.bytes.upperBound) }
    var end = range.upperBound
    for entry in entries {
      if entry.bytes.lowerBound != end {
        let what = entry.bytes.lowerBound < end ? "overlaps the one before" : "leaves a hole before it"
        throw fault("tensor \(quoted(entry.name)) \(what)", offset: entry.bytes.lowerBound)
      }
      end = entry.bytes.upperBound
    }
    if end != contents.count {
      throw fault(
        "the header describes \(end) bytes and the file has \(contents.count): "
          + (end > contents.count ? "it was cut short" : "something follows the last tensor"),
        offset: min(end, contents.count))
    }
    self.entries = entries
    self.metadata = metadata
  }

  private static func range(_ contents: [UInt8], path: String) throws(FileError) -> Range<Int> {
    guard contents.count >= 8 else {
      throw FileError(
        .malformed, path: path, problem: "\(contents.count) bytes are too few for a safetensors file", advice: advice)
    }
    let length = (0..<8).reduce(UInt64(0)) { $0 | UInt64(contents[$1]) << UInt64(8 * $1) }
    guard length >= 2, length <= UInt64(SafetensorsFile.headerLimit), length <= UInt64(contents.count - 8) else {
      let limit = min(SafetensorsFile.headerLimit, contents.count - 8)
      throw FileError(
        .malformed, path: path, offset: 0,
        problem: "a header of \(length) bytes is announced, and at most \(limit) are possible", advice: advice)
    }
    return 8..<(8 + Int(length))
  }

  private struct Objection: Error { let text: String }

  private static func entry(
    _ member: JSONObject.Member, dataStart: Int
  ) -> Result<SafetensorsFile.Entry, Objection> {
    func objection(_ text: String) -> Result<SafetensorsFile.Entry, Objection> { .failure(Objection(text: text)) }
    guard case .object(let fields) = member.value else { return objection("\(member.value.kind), not an object") }
    for field in fields.members where !["dtype", "shape", "data_offsets"].contains(field.name) {
      return objection("\(quoted(field.name)) is none of dtype, shape, data_offsets")
    }
    guard let dtype = fields["dtype"]?.string else { return objection("dtype is missing or not a string") }
    guard let type = TensorType(rawValue: dtype) else { return objection("the dtype \(quoted(dtype)) is unknown") }
    guard let shape = sizes(fields["shape"]) else { return objection("shape is not an array of sizes") }
    guard let offsets = sizes(fields["data_offsets"]), offsets.count == 2, offsets[0] <= offsets[1] else {
      return objection("data_offsets is not a start and an end")
    }
    let (end, overflow) = offsets[1].addingReportingOverflow(dataStart)
    guard !overflow else { return objection("data_offsets is beyond the end of any file") }
    guard let bytes = type.bytes(of: shape), bytes == offsets[1] - offsets[0] else {
      return objection("\(offsets[1] - offsets[0]) bytes of data do not make the shape \(shown(shape)) of \(dtype)")
    }
    return .success(.init(name: member.name, type: type, shape: shape, bytes: offsets[0] + dataStart..<end))
  }

  /// A shape for a message, however long a file may have made it.
  private static func shown(_ shape: [Int]) -> String {
    "[" + shape.prefix(8).map(String.init).joined(separator: ", ") + (shape.count > 8 ? ", …]" : "]")
  }

  /// The elements of an array of whole numbers, 0 or above.
  private static func sizes(_ value: JSONValue?) -> [Int]? {
    guard case .array(let elements)? = value else { return nil }
    let sizes = elements.compactMap { element -> Int? in
      guard case .number(let number) = element, let size = Int(number.text), size >= 0 else { return nil }
      return size
    }
    return sizes.count == elements.count ? sizes : nil
  }
}
