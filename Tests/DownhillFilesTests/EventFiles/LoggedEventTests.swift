import DownhillFiles
import Foundation
import Testing

@Suite("Events for TensorBoard")
struct LoggedEventTests {
  @Test("Records have the bytes that TensorBoard's own writer gives them")
  func bytes() throws {
    let events = [
      LoggedEvent(time: 1_790_000_000.25, .version),
      LoggedEvent(
        time: 1_790_000_000.5,
        .text(tag: "configuration/text_summary", "| a | b |\n|---|---|\n| ü | 1 |\n")),
      LoggedEvent(
        time: 1_790_000_001, step: 1, .scalars([("step/loss", Double(Float(0.6931472))), ("step/rate", 0)])),
      LoggedEvent(time: 1_790_000_002.125, step: 300, .scalars([("epoch/validation loss", -1e-30)])),
      LoggedEvent(time: 1_790_000_003, step: 301, .restart),
      LoggedEvent(time: 0, step: 1 << 40, .scalars([(String(repeating: "x", count: 200), .infinity)])),
    ]
    let expected = try Data(contentsOf: URL(filePath: fixture("events/events.out.tfevents.1790000000")))
    #expect(events.flatMap(\.record) == Array(expected))
  }

  @Test("Checksums are those of RFC 3720")
  func checksums() {
    #expect(CRC32C.checksum([UInt8](repeating: 0, count: 32)) == 0x8A91_36AA)
    #expect(CRC32C.checksum([UInt8](repeating: 0xFF, count: 32)) == 0x62A8_AB43)
    #expect(CRC32C.checksum(0..<32 as Range<UInt8>) == 0x46DD_794E)
    #expect(CRC32C.checksum("123456789".utf8) == 0xE306_9283)
  }
}
