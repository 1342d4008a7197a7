// swift-tools-version: 6.1
import PackageDescription

let swiftSettings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
]

/// A room of the house: one target, named `Downhill…`, with the rooms below it that it may import.
func room(_ name: String, imports: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: imports, swiftSettings: swiftSettings)
}

func tests(of name: String, imports: [Target.Dependency] = [], resources: [Resource] = []) -> Target {
  .testTarget(
    name: name + "Tests", dependencies: [.init(stringLiteral: name)] + imports, resources: resources,
    swiftSettings: swiftSettings)
}

/// The rooms that the face re-exports. Whoever uses the face names them too: a build knows from that to compile again
/// what stands on a room that changed, which a re-export doesn't tell it.
let rooms = [
  "DownhillCompute", "DownhillFiles", "DownhillNetwork", "DownhillTables", "DownhillTraining", "DownhillTabular",
  "DownhillExplanation",
  "DownhillTrees",
  "DownhillTuning",
]

let package = Package(
  name: "downhill",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "Downhill", targets: ["Downhill"] + rooms),
    .executable(name: "downhill", targets: ["downhill-command"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.0.0"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.0.0"),
  ],
  targets: [
    // Floor 0: loops in C, compiled once for each instruction set.
    .target(name: "CKernels"),
    // Loops over the bytes of tables.
    .target(name: "CTables"),
    // Images from PNG and JPEG files.
    .target(name: "CImages"),

    // Floor 1
    room("DownhillCompute", imports: ["CKernels"]),
    room("DownhillFiles"),

    // Floor 2
    room("DownhillNetwork", imports: ["DownhillCompute"]),
    room("DownhillTables", imports: ["CImages", "CKernels", "CTables", "DownhillCompute", "DownhillFiles"]),

    // Floor 3
    room("DownhillTraining", imports: ["DownhillCompute", "DownhillFiles", "DownhillNetwork"]),

    // Floor 4
    room(
      "DownhillTabular",
      imports: ["DownhillCompute", "DownhillFiles", "DownhillNetwork", "DownhillTables", "DownhillTraining"]),

    // Floor 5
    room(
      "DownhillExplanation",
      imports: [
        "DownhillCompute", "DownhillFiles", "DownhillNetwork", "DownhillTables", "DownhillTabular", "DownhillTraining",
      ]),
    room(
      "DownhillTrees",
      imports: ["DownhillCompute", "DownhillNetwork", "DownhillTables", "DownhillTabular", "DownhillTraining"]),
    // Floor 5: the search for a better recipe.
    room(
      "DownhillTuning",
      imports: [
        "DownhillCompute", "DownhillFiles", "DownhillNetwork", "DownhillTables", "DownhillTraining", "DownhillTabular",
      ]),

    // The face
    room("Downhill", imports: rooms.map { .init(stringLiteral: $0) }),

    // Floor 5: the record of trainings, which the command alone uses. The library needs no SQLite.
    room("DownhillRuns", imports: ["DownhillFiles", .product(name: "GRDB", package: "GRDB.swift")]),

    // Floor 6: the command
    .executableTarget(
      name: "downhill-command",
      dependencies: [
        "Downhill", "DownhillRuns", .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Yams", package: "Yams"),
      ] + rooms.map { .init(stringLiteral: $0) },
      swiftSettings: swiftSettings),

    // In the test process malloc and its kin are these, which count.
    .target(name: "AllocationCounter", path: "Tests/AllocationCounter"),

    tests(of: "DownhillCompute", imports: ["CKernels"]),
    tests(of: "DownhillFiles"),
    tests(of: "DownhillTables"),
    tests(
      of: "DownhillTabular",
      imports: ["DownhillCompute", "DownhillFiles", "DownhillNetwork", "DownhillTables", "DownhillTraining"]),
    tests(
      of: "DownhillExplanation",
      imports: ["DownhillCompute", "DownhillFiles", "DownhillTables", "DownhillTabular", "DownhillTraining"]),
    tests(
      of: "DownhillTrees",
      imports: ["DownhillCompute", "DownhillTables", "DownhillTabular", "DownhillTraining"]),
    tests(
      of: "DownhillTuning",
      imports: [
        "DownhillCompute", "DownhillFiles", "DownhillNetwork", "DownhillTables", "DownhillTraining", "DownhillTabular",
      ]),
    .testTarget(
      name: "CommandTests", dependencies: ["downhill-command", "Downhill"], swiftSettings: swiftSettings),
    tests(of: "DownhillRuns", imports: ["DownhillFiles", .product(name: "GRDB", package: "GRDB.swift")]),
    tests(of: "DownhillNetwork", imports: ["DownhillCompute"]),
    tests(
      of: "DownhillTraining", imports: ["DownhillCompute", "DownhillFiles", "DownhillNetwork", "AllocationCounter"]),
  ],
  swiftLanguageModes: [.v6],
  cLanguageStandard: .gnu17
)
