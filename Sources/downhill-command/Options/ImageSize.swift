import ArgumentParser
import Downhill

/// `28`, or `32x24`: width and height in pixels.
struct ImageSize: ExpressibleByArgument {
  let size: ImageFit.Size

  private static let largest = 1 << 14

  init?(argument: String) {
    let sides = argument.lowercased().split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    guard (1...2).contains(sides.count), let width = sides[0], let height = sides[sides.count - 1],
      (1...Self.largest).contains(width), (1...Self.largest).contains(height)
    else { return nil }
    size = ImageFit.Size(width: width, height: height)
  }
}

extension ImageSize: CustomStringConvertible {
  var description: String { size.width == size.height ? "\(size.width)" : "\(size.width)x\(size.height)" }
}
