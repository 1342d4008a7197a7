/// The shape of a row that is an image: pixels in reading order, each with its channels one after the other.
public struct ImageShape: Sendable, Equatable {
  public let height: Int
  public let width: Int
  public let channels: Int

  /// nil where a shape is not [height, width, channels].
  public init?(_ shape: Shape) {
    guard shape.dimensions.count == 3 else { return nil }
    (height, width, channels) = (shape.dimensions[0], shape.dimensions[1], shape.dimensions[2])
  }
}

extension LayerError {
  /// What a layer for images says of other rows.
  static func notAnImage(_ layer: String, _ shape: Shape) -> LayerError {
    LayerError("\(layer) takes images, rows of the shape [height, width, channels]; these have the shape \(shape)")
  }
}
