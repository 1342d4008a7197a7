public import DownhillCompute

/// The road from images to a matrix: pixels in reading order, each scaled.
public struct ImageEncoder: Sendable, Codable, Equatable {
  /// Of one image: `[28, 28]`.
  public let dimensions: [Int]
  /// One for each pixel, or one for all of them.
  public let scalings: [NumberScaling]

  public var width: Int { dimensions.reduce(1, *) }

  /// Fitted to the pixels of some images: standard scaling pixel by pixel, as if each were a column; robust scaling by
  /// the mean and deviation of all pixels together, which keeps their contrast.
  public init(fitting images: Images, rows: [Int32], scaling kind: NumberScaling.Kind) {
    dimensions = images.dimensions
    switch kind {
    case .none: scalings = [.none]
    case .standard: scalings = Self.pixelSums(images, rows).map { Self.scaling($0, count: rows.count) }
    case .robust: scalings = [Self.scaling(Self.totals(images, rows), count: rows.count * images.size)]
    }
  }

  /// Sums of bytes and of their squares: exact in 64 bits, whatever their order.
  private struct Sums {
    var bytes = 0
    var squares = 0
  }

  /// Of each pixel over the images.
  private static func pixelSums(_ images: Images, _ rows: [Int32]) -> [Sums] {
    var sums = [Sums](repeating: Sums(), count: images.size)
    images.forEach(rows) { _, pixels in
      for (index, pixel) in pixels.enumerated() {
        sums[index].bytes += Int(pixel)
        sums[index].squares += Int(pixel) * Int(pixel)
      }
    }
    return sums
  }

  /// Of all pixels of the images.
  private static func totals(_ images: Images, _ rows: [Int32]) -> Sums {
    var sums = Sums()
    images.forEach(rows) { _, pixels in
      for pixel in pixels {
        sums.bytes += Int(pixel)
        sums.squares += Int(pixel) * Int(pixel)
      }
    }
    return sums
  }

  private static func scaling(_ sums: Sums, count: Int) -> NumberScaling {
    let mean = Double(sums.bytes) / Double(max(1, count))
    let deviation = max(0, Double(sums.squares) / Double(max(1, count)) - mean * mean).squareRoot()
    // Bytes that differ at all deviate by more than this in any set that fits a machine.
    return NumberScaling(offset: mean, scale: deviation > 1e-5 ? 1 / deviation : 0)
  }

  /// A row for each image.
  public func encode(_ images: Images) -> Matrix { encode(images, rows: [Int32](0..<Int32(images.count))) }

  /// A row for each of some images, in the order given.
  func encode(_ images: Images, rows: [Int32]) -> Matrix {
    let width = self.width
    var matrix = Matrix(rows: rows.count, columns: width)
    let elements = matrix.mutableView().base
    if scalings.count == 1 {
      // A byte has 256 values.
      let scaled = (0...255).map { scalings[0].apply(Double($0)) }
      scaled.withUnsafeBufferPointer { scaled in
        images.forEach(rows) { place, pixels in
          let row = elements + place * width
          for index in 0..<width { row[index] = scaled[Int(pixels[index])] }
        }
      }
    } else {
      scalings.withUnsafeBufferPointer { scalings in
        images.forEach(rows) { place, pixels in
          let row = elements + place * width
          for index in 0..<width { row[index] = scalings[index].apply(Double(pixels[index])) }
        }
      }
    }
    return matrix
  }
}

extension Images {
  /// Hands over the pixels of some images one after the other, each with its place among `rows`.
  @inline(__always)
  fileprivate func forEach(_ rows: [Int32], _ body: (Int, UnsafeBufferPointer<UInt8>) -> Void) {
    bytes.withUnsafeBufferPointer { bytes in
      for (place, row) in rows.enumerated() {
        precondition(row >= 0 && row < count, "image \(row) of \(count)")
        body(place, UnsafeBufferPointer(start: bytes.baseAddress! + Int(row) * size, count: size))
      }
    }
  }
}
