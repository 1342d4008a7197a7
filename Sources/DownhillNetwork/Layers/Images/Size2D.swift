/// A height and a width in pixels: `Convolution2D(32, kernel: 3)` is short for `kernel: Size2D(3, 3)`.
public struct Size2D: Sendable, Codable, Hashable, ExpressibleByIntegerLiteral {
  public let height: Int
  public let width: Int

  public init(_ height: Int, _ width: Int) {
    self.height = height
    self.width = width
  }

  public init(integerLiteral size: Int) { self.init(size, size) }
}

extension Size2D: CustomStringConvertible {
  public var description: String { height == width ? "\(height)" : "Size2D(\(height), \(width))" }
}
