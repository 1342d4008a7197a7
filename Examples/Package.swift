// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "downhill-examples",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "downhill", path: "..")],
  targets: [
    // A layer, a loss, an optimizer, a schedule and a metric, with the public interface alone.
    .target(name: "OwnParts", dependencies: [.product(name: "Downhill", package: "downhill")]),
    // A program that trains a table with them.
    .executableTarget(
      name: "own-parts", dependencies: ["OwnParts", .product(name: "Downhill", package: "downhill")]),
    .testTarget(
      name: "OwnPartsTests", dependencies: ["OwnParts", .product(name: "Downhill", package: "downhill")]),
  ],
  swiftLanguageModes: [.v6]
)
