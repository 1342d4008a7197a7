import Downhill

/// IDX, NPY and NPZ, plain and packed, and the tables and images made of them.
let arrays = Harness(name: "arrays", seeds: { arraySeeds }) { bytes in
  let file = MemoryFile(bytes)
  _ = ArrayFile.isOne(file.path)
  // In tests a file of a few bytes may not declare more than this.
  _ = attempt { try IDXArray(contentsOf: file.path, limit: 1 << 24) }
  _ = attempt { try NumberArray(contentsOf: file.path, limit: 1 << 24) }
  switch attempt({ try ArrayFile(contentsOf: file.path) }) {
  case .idx(let array)?:
    require(array.values.count == array.count * array.elementCount, "elements that are not there")
    _ = attempt { try Images(array, source: "input") }
  case .numbers(let arrays)?:
    for (_, array) in arrays {
      _ = array.numbers(count: array.count)
      _ = attempt { try Images(array, source: "input") }
      _ = attempt { try Table(array, source: "input") }
      _ = attempt { try Table(array, labels: [Double](repeating: 1, count: 2), source: "input") }
    }
    _ = attempt { try ArrayFile.only(arrays, dimensions: 1...2, file: "input", what: "features") }
  case nil: break
  }
}

private let arraySeeds: [[UInt8]] = {
  let bytes: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8]
  let doubles = Packing.npy("<f8", "2, 1", bytes + bytes)
  let images = Packing.idx([2, 2, 2], bytes)
  let types = ["|b1", "|i1", "|u1", "<i2", "<u2", "<i4", "<u4", "<f4", "<i8", "<u8"].map { type in
    Packing.npy(type, "\(8 / Int(type.suffix(1))!),", bytes)
  }
  return types + [
    doubles, images, Packing.idx([8], bytes), Packing.gzip(images), Packing.gzip(doubles),
    Packing.zip("x.npy", doubles),
    Packing.zip("images.npy", Packing.npy("|u1", "2, 2, 2", bytes)), Packing.npy("<f8", "0, 3", []),
  ]
}()
