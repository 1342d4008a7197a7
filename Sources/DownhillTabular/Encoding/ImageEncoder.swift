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
    let width = images.dimensions.reduce(1, *)
    // Sums of bytes and of their squares are exact in 64 bits, whatever their order.
    var sums = [Int](repeating: 0, count: width), squares = sums
    for row in rows {
      for (index, pixel) in images.pixels(Int(row)).enumerated() {
        sums[index] += Int(pixel)
        squares[index] += Int(pixel) * Int(pixel)
      }
    }
    switch kind {
    case .none: scalings = [.none]
    case .standard: scalings = (0..<width).map { Self.scaling(sums[$0], squares[$0], count: rows.count) }
    case .robust:
      scalings = [Self.scaling(sums.reduce(0, +), squares.reduce(0, +), count: rows.count * width)]
    }
  }

  private static func scaling(_ sum: Int, _ squares: Int, count: Int) -> NumberScaling {
    let mean = Double(sum) / Double(max(1, count))
    let deviation = max(0, Double(squares) / Double(max(1, count)) - mean * mean).squareRoot()
    // Bytes that differ at all deviate by more than this in any set that fits a machine.
    return NumberScaling(offset: mean, scale: deviation > 1e-5 ? 1 / deviation : 0)
  }

  /// A row for each image.
  public func encode(_ images: Images) -> Matrix {
    let width = self.width
    var elements = [Float](repeating: 0, count: images.count * width)
    for row in 0..<images.count {
      for (column, pixel) in images.pixels(row).enumerated() {
        elements[row * width + column] = scalings[scalings.count == 1 ? 0 : column].apply(Double(pixel))
      }
    }
    return Matrix(rows: images.count, columns: width, elements: elements)
  }
}
