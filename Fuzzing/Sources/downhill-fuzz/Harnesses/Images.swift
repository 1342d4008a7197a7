import Downhill

/// PNG and JPEG files: what their beginning declares, and their pixels, which libraries of the system decode.
let images = Harness(name: "images", seeds: { try imageSeeds() }) { bytes in
  let file = MemoryFile(bytes)
  _ = ImageFile.isOne(file.path)
  guard let header = attempt({ try ImageHeader(contentsOf: file.path) }) else { return }
  // Larger ones are allowed, and only take longer.
  guard header.width * header.height <= 1 << 20, let grid = attempt({ try ImageFile.decode(file.path) }) else { return }
  require(
    grid.width == header.width && grid.height == header.height && grid.channels == header.channels
      && grid.pixels.count == grid.width * grid.height * grid.channels, "an image of another size than it declares")
}

/// The pictures of the tests, from the root of the package.
private func imageSeeds() throws -> [[UInt8]] {
  let folder = Folder("Tests/Fixtures/pictures")
  return try folder.names().filter { $0.hasSuffix(".png") || $0.hasSuffix(".jpg") }.map {
    try FileContents.read(folder.file($0), limit: 1 << 20)
  }
}
