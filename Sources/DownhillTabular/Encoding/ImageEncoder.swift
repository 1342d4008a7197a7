public import DownhillCompute
public import DownhillNetwork

/// The road from images to a matrix: pixels in reading order, each scaled.
public struct ImageEncoder: Sendable, Codable, Equatable {
  /// Of one image: `[28, 28]`.
  public let dimensions: [Int]
  /// One for each pixel, or one for all of them.
  public let scalings: [NumberScaling]
  /// Whether image files of another size are scaled to this one, as those were that were trained on; nil: they are not.
  public let resizes: Bool?

  public var width: Int { dimensions.reduce(1, *) }

  /// The shape of a row: [height, width, channels] of images, one channel where nothing is said of them.
  public var shape: Shape {
    switch dimensions.count {
    case 2: Shape(dimensions + [1])
    case 3: Shape(dimensions)
    default: Shape([width])
    }
  }

  /// Fitted to the pixels of some images: standard scaling pixel by pixel, as if each were a column; robust scaling by
  /// the mean and deviation of all pixels together, which keeps their contrast.
  public init(
    fitting images: Images, rows: [Int32], scaling kind: NumberScaling.Kind,
    workers: WorkerPool = WorkerPool(threads: 1)
  ) {
    dimensions = images.dimensions
    resizes = images.areResized ? true : nil
    switch kind {
    case .none: scalings = [.none]
    case .standard:
      scalings = Self.sums(images, rows, workers).map { Self.scaling($0, count: rows.count) }
    case .robust:
      let total = Self.sums(images, rows, workers).reduce(into: Sums()) { $0.add($1.bytes, $1.squares) }
      scalings = [Self.scaling(total, count: rows.count * images.size)]
    }
  }

  /// Sums of bytes and of their squares: exact in 64 bits, whatever their order.
  private struct Sums {
    var bytes = 0
    var squares = 0

    mutating func add(_ bytes: Int, _ squares: Int) {
      self.bytes += bytes
      self.squares += squares
    }
  }

  /// Of each pixel over the images.
  private static func sums(_ images: Images, _ rows: [Int32], _ workers: WorkerPool) -> [Sums] {
    let sums = Monitor([Sums](repeating: Sums(), count: images.size))
    workers.forEachRange(of: rows.count, shortest: imagesAtOnce) { range in
      for first in stride(from: range.lowerBound, to: range.upperBound, by: ByteSums.mostRows) {
        var part = ByteSums(count: images.size)
        images.forEach(rows[first..<min(range.upperBound, first + ByteSums.mostRows)]) { part.add($1) }
        sums.with { sums in for pixel in sums.indices { sums[pixel].add(part[pixel].sum, part[pixel].squares) } }
      }
    }
    return sums.look { $0 }
  }

  /// Images that a thread takes at a time.
  private static let imagesAtOnce = 256

  private static func scaling(_ sums: Sums, count: Int) -> NumberScaling {
    let mean = Double(sums.bytes) / Double(max(1, count))
    let deviation = max(0, Double(sums.squares) / Double(max(1, count)) - mean * mean).squareRoot()
    // Bytes that differ at all deviate by more than this in any set that fits a machine.
    return NumberScaling(offset: mean, scale: deviation > 1e-5 ? 1 / deviation : 0)
  }

  /// A row for each image.
  public func encode(_ images: Images, workers: WorkerPool = WorkerPool(threads: 1)) -> Matrix {
    encode(images, rows: [Int32](0..<Int32(images.count)), workers: workers)
  }

  /// A row for each of some images, in the order given.
  func encode(_ images: Images, rows: [Int32], workers: WorkerPool) -> Matrix {
    let width = self.width
    var matrix = Matrix(rows: rows.count, columns: width)
    let elements = matrix.mutableView().base
    let scalings = scalings.count == 1 ? [NumberScaling](repeating: scalings[0], count: width) : self.scalings
    let offsets = scalings.map(\.offset), scales = scalings.map(\.scale), clips = scalings[0].clips
    workers.forEachRange(of: rows.count, shortest: Self.imagesAtOnce) { range in
      images.forEach(rows[range]) { place, pixels in
        scaleBytes(pixels, offsets: offsets, scales: scales, clips: clips, to: elements + place * width)
      }
    }
    return matrix
  }
}

extension Images {
  /// Hands over the pixels of some images one after the other, each with its place among all rows.
  @inline(__always)
  fileprivate func forEach(_ rows: ArraySlice<Int32>, _ body: (Int, UnsafePointer<UInt8>) -> Void) {
    bytes.withUnsafeBufferPointer { bytes in
      for place in rows.indices {
        let row = rows[place]
        precondition(row >= 0 && row < count, "image \(row) of \(count)")
        body(place, bytes.baseAddress! + Int(row) * size)
      }
    }
  }
}
