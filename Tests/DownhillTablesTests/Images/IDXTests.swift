import DownhillTables
import Testing

@Suite("IDX arrays") struct IDXTests {
  /// A plain IDX file.
  private static func idx(_ dimensions: [UInt32], _ values: [UInt8], type: UInt8 = 8) -> [UInt8] {
    var bytes: [UInt8] = [0, 0, type, UInt8(dimensions.count)]
    for dimension in dimensions { withUnsafeBytes(of: dimension.bigEndian) { bytes.append(contentsOf: $0) } }
    return bytes + values
  }

  private func read(_ bytes: [UInt8], limit: Int = 1 << 32) throws -> Result<IDXArray, TableError> {
    let file = try TemporaryFile(bytes)
    return Result { () throws(TableError) in try IDXArray(contentsOf: file.path, limit: limit) }
  }

  @Test("labels and images are read")
  func plain() throws {
    let labels = try read(Self.idx([4], [9, 8, 7, 255])).get()
    #expect(labels.dimensions == [4] && labels.values == [9, 8, 7, 255])
    #expect(labels.count == 4 && labels.elementCount == 1)
    let images = try read(Self.idx([2, 2, 3], Array(0..<12))).get()
    #expect(images.dimensions == [2, 2, 3] && images.values == Array(0..<12))
    #expect(images.elementCount == 6)
  }

  @Test("what Python's gzip packed is unpacked, both members of it")
  func packed() throws {
    let images = try read(packedImages).get()
    #expect(images.dimensions == [3, 4, 5])
    let expected = (0..<60).map { (i: Int) -> UInt8 in UInt8((7 * i * i + i) % 256) }
    #expect(images.values == expected)
  }

  @Test("Fashion-MNIST is read", .enabled(if: fashionIsHere, "Debian's package dataset-fashion-mnist is not installed"))
  func fashion() throws {
    let images = try IDXArray(contentsOf: fashionFolder + "t10k-images-idx3-ubyte.gz")
    let labels = try IDXArray(contentsOf: fashionFolder + "t10k-labels-idx1-ubyte.gz")
    #expect(images.dimensions == [10_000, 28, 28])
    #expect(labels.dimensions == [10_000])
    // The test set has 1,000 images of each of the ten classes.
    #expect((0..<10).allSatisfy { label in labels.values.count { $0 == UInt8(label) } == 1000 })
    #expect(labels.values[..<10] == [9, 2, 1, 1, 6, 1, 4, 6, 5, 7])
    // The mean brightness of the test images, as computed with numpy.
    let sum = images.values.reduce(0) { $0 + Int($1) }
    #expect(abs(Double(sum) / 7_840_000 - 73.14656658163265) < 1e-9)
  }

  static let broken: [(name: String, bytes: [UInt8], fragment: String)] = [
    ("empty", [], "doesn't begin like an IDX file"),
    ("text", Array("a,b\n1,2\n".utf8), "it begins 0x61 0x2C 0x62 0x0A"),
    ("header cut", [0, 0, 8], "doesn't begin like an IDX file"),
    ("floats", idx([1], [0, 0, 0, 0], type: 0x0D), "holds floats"),
    ("unknown type", idx([1], [0], type: 0x77), "unknown type 0x77"),
    ("no dimensions", idx([], []), "declares 0 dimensions"),
    ("255 dimensions", [0, 0, 8, 255], "declares 255 dimensions"),
    ("dimensions cut", [0, 0, 8, 3, 0, 0, 0, 1], "list of 3 dimensions"),
    ("a dimension of 0", idx([2, 0], []), "nothing in it"),
    ("too short", idx([2, 3], [1, 2, 3, 4, 5]), "declares 2 × 3 = 6 bytes, but ends after 5"),
    ("no data", idx([3], []), "but ends after 0"),
    ("too long", idx([2], [1, 2, 3]), "goes on after the 2 = 2 bytes"),
    ("huge", idx([.max, .max], [1]), "more than"),
    ("overflowing", idx([.max, .max, .max, .max], [1]), "more than"),
    ("large and short", idx([60_000, 28, 28], [1]), "ends after 1"),
    ("packed and cut", Array(packedImages.dropLast(12)), "breaks off"),
    ("packed and cut in its checksum", Array(packedImages.dropLast(1)), "breaks off"),
    ("packed header only", Array(packedImages.prefix(10)), "breaks off"),
    ("garbage after gzip", packedImages + [1, 2, 3], "follow the compressed data"),
    ("packed with data too much", packedImages + packedImages, "goes on after"),
  ]

  @Test("a broken file is refused with what is wrong", arguments: broken.indices)
  func refused(index: Int) throws {
    let (name, bytes, fragment) = Self.broken[index]
    guard case .failure(let error) = try read(bytes) else {
      Issue.record("\(name) was accepted")
      return
    }
    #expect(error.kind == .malformed)
    #expect(error.message.contains(fragment), "\(name): \(error.message)")
  }

  @Test("a packed file with any one bit changed, or cut anywhere, is refused or reads the same")
  func damaged() throws {
    let sound = try read(packedImages).get()
    for length in 0..<packedImages.count {
      #expect(throws: TableError.self) { try read(Array(packedImages.prefix(length))).get() }
    }
    for index in packedImages.indices {
      var bytes = packedImages
      bytes[index] ^= 1 << UInt8(index % 8)
      // Times, names and systems in gzip's header don't matter to the content.
      if case .success(let array) = try read(bytes) { #expect(array == sound) }
    }
  }

  @Test("a limit on the size holds")
  func limit() throws {
    #expect(throws: TableError.self) { try read(Self.idx([4], [1, 2, 3, 4]), limit: 3).get() }
    #expect(try read(Self.idx([4], [1, 2, 3, 4]), limit: 4).get().count == 4)
  }

  @Test("files that can't be opened say why")
  func cannotOpen() {
    let error = failure { () throws(TableError) in try IDXArray(contentsOf: "/nowhere/images.gz") }
    #expect(error?.kind == .cannotOpen)
  }
}

private let fashionFolder = "/usr/share/datasets/fashion-mnist/"
private let fashionIsHere =
  failure { () throws(TableError) in try IDXArray(contentsOf: fashionFolder + "t10k-labels-idx1-ubyte.gz") } == nil
