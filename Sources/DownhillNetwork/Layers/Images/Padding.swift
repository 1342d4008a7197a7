/// What stands around an image when windows move over it.
public enum Padding: Sendable, Codable, Hashable {
  /// Nothing: windows stay within the image.
  case valid
  /// As much as makes ⌈size / stride⌉ outputs, the same on both sides, or one more at the bottom and on the right.
  case same
  /// So many pixels.
  case explicit(top: Int, bottom: Int, left: Int, right: Int)

  /// The same on all sides.
  public static func all(_ pixels: Int) -> Padding {
    .explicit(top: pixels, bottom: pixels, left: pixels, right: pixels)
  }
}

extension Padding: CustomStringConvertible {
  public var description: String {
    switch self {
    case .valid: ".valid"
    case .same: ".same"
    case .explicit(let top, let bottom, let left, let right):
      top == bottom && top == left && top == right
        ? ".all(\(top))" : ".explicit(top: \(top), bottom: \(bottom), left: \(left), right: \(right))"
    }
  }
}
