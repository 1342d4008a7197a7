public import DownhillCompute

/// The road from images to a matrix: pixels in reading order, all scaled alike.
public struct ImageEncoder: Sendable, Codable, Equatable {
  /// Of one image: `[28, 28]`.
  public let dimensions: [Int]
  public let scaling: NumberScaling

  public var width: Int { dimensions.reduce(1, *) }

  /// Fitted to the pixels of some images.
  public init(fitting images: Images, rows: [Int32], scaling kind: NumberScaling.Kind) {
    dimensions = images.dimensions
    // Mean and standard deviation of all pixels, from counts of their 256 values; exact, whatever the order.
    var counts = [Int](repeating: 0, count: 256)
    for row in rows { for pixel in images.pixels(Int(row)) { counts[Int(pixel)] += 1 } }
    let total = Double(max(1, counts.reduce(0, +)))
    let mean = counts.enumerated().reduce(0.0) { $0 + Double($1.offset) * Double($1.element) } / total
    let squares = counts.enumerated().reduce(0.0) { sum, entry in
      sum + (Double(entry.offset) - mean) * (Double(entry.offset) - mean) * Double(entry.element)
    }
    let deviation = (squares / total).squareRoot()
    scaling = kind == .none ? .none : NumberScaling(offset: mean, scale: deviation > 0 ? 1 / deviation : 0)
  }

  /// A row for each image.
  public func encode(_ images: Images) -> Matrix {
    let table = (0..<256).map { scaling.apply(Double($0)) }
    var elements = [Float](repeating: 0, count: images.count * width)
    for row in 0..<images.count {
      for (column, pixel) in images.pixels(row).enumerated() { elements[row * width + column] = table[Int(pixel)] }
    }
    return Matrix(rows: images.count, columns: width, elements: elements)
  }
}
