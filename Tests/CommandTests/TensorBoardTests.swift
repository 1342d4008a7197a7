import Downhill
import Foundation
import Testing

@Suite("Event files for TensorBoard")
struct TensorBoardTests {
  /// What a file holds, by a reader of its own: the records' lengths, and their bytes.
  private static func records(_ folder: Folder, _ path: String) throws -> [(step: Int, payload: [UInt8])] {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.file(path).path())
      .filter { $0.hasPrefix("events.out.tfevents.") }.sorted()
    try #require(!names.isEmpty, "no events in \(path)")
    return try names.flatMap { name in
      let bytes = [UInt8](try #require(folder.data("\(path)/\(name)")))
      var records: [(Int, [UInt8])] = [], place = 0
      while place < bytes.count {
        let length = bytes[place..<place + 8].reversed().reduce(0) { $0 << 8 | Int($1) }
        let payload = Array(bytes[place + 12..<place + 12 + length])
        records.append((step(payload), payload))
        place += length + 16
      }
      #expect(place == bytes.count)
      return records
    }
  }

  /// The step stands behind the time, which takes nine bytes.
  private static func step(_ payload: [UInt8]) -> Int {
    guard payload.count > 10, payload[9] == 0x10 else { return 0 }
    var step = 0, shift = 0
    for byte in payload[10...] {
      step |= Int(byte & 0x7F) << shift
      shift += 7
      if byte < 0x80 { break }
    }
    return step
  }

  private static func holds(_ payload: [UInt8], _ text: String) -> Bool {
    String(decoding: payload, as: UTF8.self).contains(text)
  }

  @Test("Epochs and steps are there with the number of steps, and the configuration as a text")
  func scalars() throws {
    let folder = try Folder.withPenguins()
    let json = try Command.run(
      Folder.quick("--members", "1", "--tensorboard", "logs/a", "--no-record", "--batch-size", "64"), in: folder
    ).json()
    #expect(json["epochs"] as? Int == 3)
    let records = try Self.records(folder, "logs/a")
    #expect(Self.holds(records[0].payload, "brain.Event:2"))
    #expect(Self.holds(records[1].payload, "| target | species |") && Self.holds(records[1].payload, "| seed | 0 |"))
    let epochs = records.filter { Self.holds($0.payload, "epoch/loss") }.map(\.step)
    let steps = records.filter { Self.holds($0.payload, "step/loss") }.map(\.step)
    let each = epochs[0]
    #expect(epochs == [each, 2 * each, 3 * each] && steps == Array(1...3 * each))
    for tag in ["epoch/validation loss", "epoch/accuracy", "epoch/rate", "epoch/number"] {
      #expect(records.count { Self.holds($0.payload, tag) } == 3, "\(tag)")
    }
  }

  @Test("Each member of an ensemble has a folder, and a training that goes on begins where it was")
  func resumed() throws {
    let folder = try Folder.withPenguins()
    let training = Folder.quick("--members", "2", "--tensorboard", "logs", "--no-record")
    #expect(try Command.run(training + ["--checkpoint", "c", "--time-limit", "1ms"], in: folder).code == 0)
    #expect(try Command.run(training + ["--resume", "c"], in: folder).code == 0)
    for member in ["logs/member-1", "logs/member-2"] {
      let records = try Self.records(folder, member)
      let restart = try #require(records.lastIndex { $0.payload.suffix(4) == [0x3A, 2, 8, 1] })
      let done = records[..<restart].filter { Self.holds($0.payload, "epoch/loss") }.map(\.step).filter {
        $0 < records[restart].step
      }
      let again = records[restart...].filter { Self.holds($0.payload, "epoch/loss") }.map(\.step)
      #expect((done + again).count == 3 && done + again == (done + again).sorted())
    }
  }

  @Test("A folder with the events of another training is refused before anything is trained")
  func foreign() throws {
    let folder = try Folder.withPenguins()
    #expect(try Command.run(Folder.quick("--tensorboard", "logs", "--no-record"), in: folder).code == 0)
    let (code, complaint) = try Command.fail(
      Folder.quick("--tensorboard", "logs", "--no-record", "--model", "n.safetensors"), in: folder)
    #expect(code == 73 && complaint.contains("holds events of an earlier training"))
    #expect(folder.data("n.safetensors") == nil)
    let (file, why) = try Command.fail(Folder.quick("--tensorboard", "p.csv/x", "--no-record"), in: folder)
    #expect(file == 73 && why.contains("p.csv"))
  }

  @Test("Events change no byte of a model")
  func sameModel() throws {
    let folder = try Folder.withPenguins()
    try Command.run(Folder.quick("--no-record", "--model", "a.safetensors"), in: folder)
    try Command.run(Folder.quick("--no-record", "--model", "b.safetensors", "--tensorboard", "logs"), in: folder)
    #expect(folder.data("a.safetensors") != nil && folder.data("a.safetensors") == folder.data("b.safetensors"))
  }
}
