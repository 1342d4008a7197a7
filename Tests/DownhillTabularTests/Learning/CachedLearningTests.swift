import DownhillTables
import DownhillTabular
import DownhillTraining
import Foundation
import Testing

@Suite("Learning from a table in a file") struct CachedLearningTests {
  /// A table with all that columns may be, whose rows are read in many chunks and encoded in one.
  private static func text(rows: Int = 2500) -> String {
    var random = SystemRandomNumberGenerator()
    return "a,b,c,flag,colour,when,w,group,part,y,label\n"
      + (0..<rows).map { row in
        let a = Double(row * 7919 % 1009) / 100 - 5, b = Double.random(in: -1...1, using: &random)
        let colour = ["red", "green", "blue"][row * 31 % 3]
        let cells = [
          "\(a)", row % 11 == 3 ? "" : "\(b)", "\(row % 4 == 0 ? -0.0 : Double(row % 5))", row % 3 == 0 ? "yes" : "no",
          row % 50 == 49 ? "" : row == rows - 2 ? "amber" : colour,
          "2026-\(10 + row % 3)-\(10 + row % 19)T0\(row % 10):30", "\(row % 3)", "g\(row % 40)",
          ["train", "train", "train", "validation", "test"][row * 13 % 5],
          row % 97 == 5 ? "" : "\(a * a + (colour == "red" ? 3 : 0) + b)", row % 89 == 5 ? "" : a > 0 ? "high" : "low",
        ]
        return cells.joined(separator: ",") + "\n"
      }.joined()
  }

  enum Way: String, CaseIterable, Sendable {
    case regression, classification, weights, grouped, latest, given, inOrder, standard, unscaled, refit
  }

  private func model(_ path: String, _ way: Way, cache: TableCache, threads: Int) throws -> [UInt8] {
    let target = way == .classification || way == .grouped ? "label" : "y"
    var overrides = SchemaOverrides(ignore: [target == "y" ? "label" : "y"], aside: ["group", "part"])
    if way == .weights {
      overrides.aside.append("w")
      overrides.numeric.append("w")
    }
    let table = try Table(
      contentsOf: [.file(path)], overrides: overrides, target: target, threads: threads, cache: cache)
    #expect(table.scratchFolder == nil || cache.mode == .always)
    var recipe = quick()
    recipe.epochs = 2
    recipe.scaling = way == .standard ? .standard : way == .unscaled ? .none : .robust
    recipe.refits = way == .refit
    recipe.keepsBest = way == .refit
    if way == .given { recipe.validation = 0 }
    var learner = Learner(recipe)
    learner.seed = 3
    learner.threads = threads
    learner.holdout = way == .given ? 0 : 0.2
    learner.shuffles = way != .inOrder
    switch way {
    case .grouped: learner.split = .grouped(by: try table.column("group"))
    case .latest: learner.split = .latest(by: try table.column("when"))
    case .given: learner.split = .given(by: try table.column("part"))
    default: break
    }
    let examples = try Examples(table, target: target, weights: way == .weights ? "w" : nil)
    return try learner.prepare(examples).train().model.encoded()
  }

  @Test("the model has the bytes of one that is learned in memory", arguments: Way.allCases)
  func sameBytes(way: Way) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "downhill-learn-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "t.csv").path()
    try Self.text().write(toFile: path, atomically: false, encoding: .utf8)
    var cache = TableCache(.always)
    cache.chunkRows = 64
    let inMemory = try model(path, way, cache: TableCache(.never), threads: 1)
    #expect(try model(path, way, cache: cache, threads: 1) == inMemory)
    // The second time from the cache that is there.
    #expect(try model(path, way, cache: cache, threads: 3) == inMemory)
    // Nothing but the cache is left behind.
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.path()).sorted() == ["t.csv", "t.csv.downhill-cache"])
  }

  @Test(
    "an encoder fitted to many rows of a file is that fitted to them in memory, to the bit",
    arguments: NumberScaling.Kind.allCases)
  func manyRows(scaling: NumberScaling.Kind) throws {
    let path = FileManager.default.temporaryDirectory.appending(path: "downhill-fit-\(UUID().uuidString).csv").path()
    defer { for ending in ["", ".downhill-cache"] { try? FileManager.default.removeItem(atPath: path + ending) } }
    // More rows than are looked at at a time; ties, signs, both zeros, very large and very small numbers, dates that are none.
    var random = SystemRandomNumberGenerator()
    let text =
      "spread,ties,zeros,mostly,huge,tiny,flag,when\n"
      + (0..<70_001).map { row in
        let x = Double.random(in: -1...1, using: &random)
        return [
          row % 9 == 0 ? "" : "\(x * x * x)", "\(row * 7 % 13)", row % 2 == 0 ? "-0.0" : "0.0",
          row % 3 == 0 ? "\(x)" : "1.5",
          "\(Int(x * 1e6))e301", "\(Int(x * 1e6))e-316", row % 5 == 0 ? "yes" : row % 7 == 0 ? "" : "no",
          row % 8 == 7
            ? "" : row % 1000 == 77 ? "soon" : "20\(10 + row % 16)-0\(1 + row % 9)-1\(row % 7)T1\(row % 10):00",
        ].joined(separator: ",") + "\n"
      }.joined()
    try text.write(toFile: path, atomically: false, encoding: .utf8)
    let overrides = SchemaOverrides(numeric: ["zeros", "ties"], dates: ["when"])
    let table = try Table(contentsOf: .file(path), overrides: overrides)
    let cached = try Table(contentsOf: [.file(path)], overrides: overrides, cache: TableCache(.always))
    let some: [[Int32]] = [table.rows, table.rows.filter { $0 % 3 != 1 }, [7]]
    for rows in some {
      let expected = TableEncoder(fitting: table, rows: rows, target: nil, scaling: scaling)
      let found = TableEncoder(fitting: cached, rows: rows, target: nil, scaling: scaling)
      #expect(found == expected)
      #expect(try found.encode(cached).matrix == expected.encode(table).matrix)
    }
  }

  @Test("a checkpoint of a training in memory is one of the same training from a file")
  func checkpoints() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "downhill-learn-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "t.csv").path()
    try Self.text(rows: 800).write(toFile: path, atomically: false, encoding: .utf8)
    func learn(_ cache: TableCache, _ change: (inout Learner) -> Void, stop: Int = .max) throws -> [UInt8] {
      let table = try Table(contentsOf: [.file(path)], target: "y", cache: cache)
      var learner = Learner(quick())
      learner.recipe.epochs = 6
      change(&learner)
      let signal = StopSignal()
      return try learner.prepare(Examples(table, target: "y")).train(stop: signal) { event in
        if case .step(let step) = event, step.step == stop { signal.request() }
      }.model.encoded()
    }
    let whole = try learn(TableCache(.never), { _ in })
    let checkpoints = folder.appending(path: "c").path()
    let part = try learn(
      TableCache(.never),
      { $0.safekeeping.checkpointing = Checkpointing(CheckpointFolder(checkpoints), every: .steps(1)) },
      stop: 17)
    #expect(part != whole)
    #expect(try learn(TableCache(.always), { $0.safekeeping.resumes = checkpoints }) == whole)
  }
}
