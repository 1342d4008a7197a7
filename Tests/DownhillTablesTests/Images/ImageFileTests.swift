import DownhillTables
import Foundation
import Testing

/// Files and figures made with Pillow and NumPy by `Scripts/fixtures/image_files.py`.
enum Pictures {
  static let folder = URL(filePath: #filePath).appending(path: "../../../Fixtures/pictures").standardized

  struct Pixels: Decodable {
    let width: Int
    let height: Int
    let channels: Int
    let pixels: [Double]
  }

  static func path(_ name: String) -> String { folder.appending(path: name).path() }

  static let expected: [String: Pixels] =
    (try? JSONDecoder().decode(
      [String: Pixels].self, from: Data(contentsOf: folder.appending(path: "pictures.json")))) ?? [:]

  static let names = expected.keys.sorted()

  static func bytes(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: folder.appending(path: name)))
  }
}

@Suite("Image files") struct ImageFileTests {
  @Test("all kinds of PNG and JPEG files become the pixels that Pillow finds", arguments: Pictures.names)
  func decoding(name: String) throws {
    let expected = try #require(Pictures.expected[name])
    let grid = try ImageFile.decode(Pictures.path(name))
    #expect(grid.width == expected.width && grid.height == expected.height && grid.channels == expected.channels)
    try #require(grid.pixels.count == expected.pixels.count)
    // Versions of libjpeg-turbo round a little differently; a PNG file's pixels are what they are.
    let tolerance = name.hasSuffix(".jpg") ? 2.0 : 0
    let worst = zip(grid.pixels, expected.pixels).map { abs(Double($0) - $1) }.max() ?? .infinity
    #expect(worst <= tolerance)
    let header = try ImageHeader(contentsOf: Pictures.path(name))
    #expect(header.width == expected.width && header.height == expected.height)
    #expect(header.channels == expected.channels)
  }

  @Test("every kind is there") func kinds() {
    #expect(Pictures.names.count == 23)
  }

  @Test("what a camera turned is turned back, whichever way") func orientation() throws {
    let upright = try ImageFile.decode(Pictures.path("turned-1.jpg"))
    // All eight files hold the same pixels, turned by eight different words.
    let all = try (1...8).map { try ImageFile.decode(Pictures.path("turned-\($0).jpg")) }
    #expect(Set(all.map(\.pixels)).count == 8)
    #expect(all.map(\.width) == [17, 17, 17, 17, 12, 12, 12, 12] && upright.height == 12)
    #expect(all.allSatisfy { $0.pixels.sorted() == upright.pixels.sorted() })
  }

  struct Scaling: Decodable {
    let width: Int
    let height: Int
    let grey: [UInt8]
    let colour: [UInt8]
    let cases: [Pictures.Pixels]
  }

  @Test("images scale to means over areas and to straight lines between pixels, rounded once") func scaling() throws {
    let scaling = try JSONDecoder().decode(
      Scaling.self, from: Data(contentsOf: Pictures.folder.appending(path: "scaling.json")))
    let images = [
      1: try ImageFile.decode(Pictures.path("grey.png")), 3: try ImageFile.decode(Pictures.path("colour.png")),
    ]
    #expect(images[1]?.pixels == scaling.grey && images[3]?.pixels == scaling.colour)
    #expect(scaling.cases.count == 20)
    for expected in scaling.cases {
      let scaled = try #require(images[expected.channels]).scaled(width: expected.width, height: expected.height)
      #expect(scaled.width == expected.width && scaled.height == expected.height)
      try #require(scaled.pixels.count == expected.pixels.count)
      let worst = zip(scaled.pixels, expected.pixels).map { abs(Double($0) - $1) }.max() ?? .infinity
      #expect(worst <= 0.5 + 1e-3, "\(expected.width) × \(expected.height) × \(expected.channels): \(worst)")
    }
  }

  @Test("an image of one brightness stays so in every size") func constant() throws {
    let white = try ImageFile.decode(Pictures.path("grey.png")).scaled(width: 1, height: 1)
    for (width, height) in [(1, 1), (7, 3), (300, 2), (33, 257)] {
      let scaled = white.scaled(width: width, height: height)
      #expect(scaled.pixels == [UInt8](repeating: white.pixels[0], count: width * height))
      #expect(scaled.scaled(width: 5, height: 9).pixels == [UInt8](repeating: white.pixels[0], count: 45))
    }
  }

  @Test("colours become grey by their luma, and grey becomes three equal colours") func channels() throws {
    let colour = try ImageFile.decode(Pictures.path("colour.png")), grey = colour.converted(channels: 1)
    for pixel in 0..<grey.pixels.count {
      let (red, green, blue) = (
        Double(colour.pixels[3 * pixel]), Double(colour.pixels[3 * pixel + 1]), Double(colour.pixels[3 * pixel + 2])
      )
      #expect(abs(0.299 * red + 0.587 * green + 0.114 * blue - Double(grey.pixels[pixel])) <= 0.51)
    }
    let three = grey.converted(channels: 3)
    #expect(three.pixels == grey.pixels.flatMap { [$0, $0, $0] } && three.converted(channels: 1) == grey)
  }

  @Test("inks are refused with advice") func inks() {
    let error = failure { () throws(TableError) in try ImageFile.decode(Pictures.path("inks.jpg")) }
    #expect(error?.kind == .malformed && error?.message.contains("CMYK") == true, "\(error as Any)")
  }

  @Test(
    "a file that is cut short anywhere is refused, and nothing crashes",
    arguments: ["grey.png", "palette.png", "interlaced.png", "colour-16.png", "colour.jpg", "progressive.jpg"])
  func cuts(name: String) throws {
    let whole = try Pictures.bytes(name)
    // The last bytes are an end mark, which nothing is lost with.
    for count in stride(from: 0, to: whole.count - (name.hasSuffix("png") ? 12 : 2), by: 7) {
      let file = try TemporaryFile(Array(whole[..<count]))
      let error = failure { () throws(TableError) in try ImageFile.decode(file.path) }
      #expect(error?.kind == .malformed && error?.file == file.path, "\(count) of \(whole.count): \(error as Any)")
    }
  }

  @Test(
    "flipped bytes never crash, and change no size beyond what is refused",
    arguments: ["colour-alpha.png", "turned-6.jpg"])
  func flips(name: String) throws {
    let whole = try Pictures.bytes(name)
    for place in 0..<whole.count {
      var bytes = whole
      bytes[place] ^= 0xFF
      let file = try TemporaryFile(bytes)
      do throws(TableError) {
        let grid = try ImageFile.decode(file.path)
        #expect(grid.pixels.count == grid.width * grid.height * grid.channels)
      } catch { #expect(error.kind == .malformed) }
    }
  }

  /// The beginning of a PNG file.
  private static func png(width: [UInt8], height: [UInt8]) -> [UInt8] {
    let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    let header = [0, 0, 0, 13] + Array("IHDR".utf8) + width + height + [8, 2, 0, 0, 0, 1, 2, 3, 4]
    return signature + header + [0, 0, 0, 0] + Array("IDAT".utf8)
  }

  static let broken: [(name: String, bytes: [UInt8], fragment: String)] = [
    ("nothing", [], "neither PNG nor JPEG"), ("text", Array("a,b\n".utf8), "neither PNG nor JPEG"),
    ("a GIF file", Array("GIF89a".utf8), "neither PNG nor JPEG"),
    ("no width", png(width: [0, 0, 0, 0], height: [0, 0, 0, 1]), "declares 0 × 1 pixels"),
    ("a header alone", png(width: [0, 0, 0, 2], height: [0, 0, 0, 2]), "damaged (libpng"),
    ("a bomb", png(width: [0, 1, 0, 0], height: [0, 1, 0, 0]), "declares 65536 × 65536 pixels; more than 134217728"),
    (
      "more than a machine's word", png(width: [255, 255, 255, 255], height: [255, 255, 255, 255]),
      "4294967295 × 4294967295"
    ),
    (
      "no header", [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + [UInt8](repeating: 0, count: 40),
      "begin with a header"
    ),
    ("a JPEG file without a frame", [0xFF, 0xD8, 0xFF, 0xDA, 0, 2], "no frame before its pixels"),
    ("a segment of no bytes", [0xFF, 0xD8, 0xFF, 0xE0, 0, 0, 0, 0], "a segment of 0 bytes"),
    ("no marker", [0xFF, 0xD8, 0xFF, 0xE0, 0, 2, 0, 0, 0, 0], "no marker"),
    ("a JPEG bomb", [0xFF, 0xD8, 0xFF, 0xC0, 0, 17, 8, 255, 255, 255, 255, 3, 0, 0, 0, 0], "65535 × 65535"),
    ("two components", [0xFF, 0xD8, 0xFF, 0xC0, 0, 17, 8, 0, 4, 0, 4, 2, 0, 0, 0, 0], "has 2 components"),
    ("12 bits", [0xFF, 0xD8, 0xFF, 0xC1, 0, 17, 12, 0, 4, 0, 4, 3, 0, 0, 0, 0], "12 bits a sample"),
  ]

  @Test("what is no image is told by its first bytes, before memory is taken", arguments: broken.indices)
  func headers(index: Int) throws {
    let (name, bytes, fragment) = Self.broken[index]
    let file = try TemporaryFile(bytes)
    let error = failure { () throws(TableError) in try ImageFile.decode(file.path) }
    #expect(error?.kind == .malformed && error?.message.contains(fragment) == true, "\(name): \(error as Any)")
  }

  @Test("a camera's long notes before the picture are passed over") func longNotes() throws {
    let whole = try Pictures.bytes("turned-6.jpg")
    let note: [UInt8] = [0xFF, 0xE2, 0xFF, 0xFF] + [UInt8](repeating: 7, count: 0xFFFD)
    let file = try TemporaryFile(whole[..<2] + note + note + note + whole[2...])
    let header = try ImageHeader(contentsOf: file.path)
    #expect(header.width == 12 && header.height == 17 && header.channels == 3)
    let plain = try ImageFile.decode(Pictures.path("turned-6.jpg"))
    #expect(try ImageFile.decode(file.path) == plain)
  }

  @Test("files are images by what is in them") func recognition() throws {
    #expect(ImageFile.isOne(Pictures.path("grey.png")) && ImageFile.isOne(Pictures.path("grey.jpg")))
    #expect(!ImageFile.isOne(Pictures.path("pictures.json")) && !ImageFile.isOne(Pictures.folder.path()))
    #expect(!ImageFile.isOne("-") && !ImageFile.isOne("/nowhere") && !ImageFile.isOne("/dev/null"))
  }
}
