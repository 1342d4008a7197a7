// swift-tools-version: 6.1
import PackageDescription

// What reads files, compiled once more for libFuzzer and AddressSanitizer (`Scripts/fuzz`). The rooms are targets of this
// package, by a link to their sources: so what is `package` in them is open to the harnesses, such as how long the
// stretches of a table are that threads read. There is no `main`: it is libFuzzer's.

let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  // Of `--sanitize fuzzer --sanitize address` the Swift compiler heeds the last.
  .unsafeFlags(["-sanitize=fuzzer,address"]),
]

/// The rooms in Swift, each on those before it. Which imports which, the package above watches over.
let rooms = [
  "DownhillCompute", "DownhillFiles", "DownhillNetwork", "DownhillTables", "DownhillTraining", "DownhillTabular",
  "DownhillExplanation", "DownhillTrees", "DownhillTuning", "Downhill",
]

let package = Package(
  name: "downhill-fuzzing",
  platforms: [.macOS(.v15)],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.0.0"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.0.0"),
  ],
  targets: [
    // It reads no files, and instrumented it takes minutes to compile.
    .target(name: "CKernels", path: "Rooms/CKernels", cSettings: [.unsafeFlags(["-O1", "-fno-sanitize=all"])]),
    .target(name: "CImages", path: "Rooms/CImages"),
    .target(name: "CTables", path: "Rooms/CTables"),
    // The command has it; no harness does.
    .target(
      name: "DownhillRuns", dependencies: ["DownhillFiles", .product(name: "GRDB", package: "GRDB.swift")],
      path: "Rooms/DownhillRuns", swiftSettings: settings),
    .executableTarget(
      name: "downhill-fuzz",
      dependencies: [
        "DownhillRuns", .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Yams", package: "Yams"),
      ] + rooms.map { .init(stringLiteral: $0) },
      exclude: ["Command/Main.swift"],
      swiftSettings: settings),
  ]
    + rooms.enumerated().map { place, name in
      .target(
        name: name,
        dependencies: (["CImages", "CKernels", "CTables"] + rooms[..<place]).map { .init(stringLiteral: $0) },
        path: "Rooms/" + name, swiftSettings: settings)
    },
  swiftLanguageModes: [.v6],
  cLanguageStandard: .gnu17
)
