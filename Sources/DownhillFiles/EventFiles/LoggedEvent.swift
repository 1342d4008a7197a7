/// Something that TensorBoard shows: an `Event` of its protocol buffers (tensorflow/core/util/event.proto, summary.proto).
public struct LoggedEvent: Sendable {
  /// In seconds since 1970, UTC.
  public let time: Double
  public let step: Int
  public let content: Content

  public enum Content: Sendable {
    /// What a file begins with.
    case version
    /// A training goes on: what was logged from this step on, in this file or an earlier one of its folder, is done again.
    case restart
    case scalars([(tag: String, value: Double)])
    /// A text, which may be Markdown.
    case text(tag: String, String)
  }

  public init(time: Double, step: Int = 0, _ content: Content) {
    (self.time, self.step, self.content) = (time, step, content)
  }

  var message: Message {
    var event = Message()
    event.add(time, as: 1)
    event.add(Int64(step), as: 2)
    switch content {
    case .version: event.add("brain.Event:2", as: 3)
    case .restart:
      var session = Message()
      session.add(Self.start, as: 1)
      event.add(session, as: 7)
    case .scalars(let scalars):
      var summary = Message()
      for (tag, number) in scalars {
        var value = Message()
        value.add(tag, as: 1)
        value.add(choice: Float(number), as: 2)
        summary.add(value, as: 1)
      }
      event.add(summary, as: 5)
    case .text(let tag, let text):
      var summary = Message()
      summary.add(Self.textValue(tag, text), as: 1)
      event.add(summary, as: 5)
    }
    return event
  }

  /// A tensor of one string, with a note that it is a text.
  private static func textValue(_ tag: String, _ text: String) -> Message {
    var dimension = Message(), shape = Message(), tensor = Message()
    dimension.add(Int64(1), as: 1)
    shape.add(dimension, as: 2)
    tensor.add(Self.string, as: 1)
    tensor.add(shape, as: 2)
    tensor.add(text, as: 8)
    var plugin = Message(), metadata = Message(), value = Message()
    plugin.add("text", as: 1)
    metadata.add(plugin, as: 1)
    value.add(tag, as: 1)
    value.add(tensor, as: 8)
    value.add(metadata, as: 9)
    return value
  }

  /// `SessionLog.START` and `DT_STRING`.
  private static let start: Int64 = 1, string: Int64 = 7

  /// The event as a file has it, a record: its length, that number's checksum, the bytes, and theirs.
  public var record: [UInt8] {
    let bytes = message.bytes
    let length = Self.littleEndian(UInt64(bytes.count))
    return length + Self.littleEndian(CRC32C.masked(length)) + bytes + Self.littleEndian(CRC32C.masked(bytes))
  }

  private static func littleEndian(_ number: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: number.littleEndian) { Array($0) }
  }
}
