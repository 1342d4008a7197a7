// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "downhill-benchmarks",
  platforms: [.macOS(.v15)],
  dependencies: [
    .package(name: "downhill", path: ".."),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
  ],
  targets: [
    .executableTarget(
      name: "downhill-benchmark",
      dependencies: [
        .product(name: "Downhill", package: "downhill"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InternalImportsByDefault"),
      ])
  ],
  swiftLanguageModes: [.v6]
)
