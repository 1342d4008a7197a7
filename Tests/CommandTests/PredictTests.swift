import Foundation
import Testing

@Suite("The predict command") struct PredictTests {
  private let folder: Folder
  init() throws { folder = try Folder.withPenguins(model: true) }

  private func predict(_ more: String..., input: String? = nil) throws -> Command.Outcome {
    try Command.run(["predict", "m.safetensors"] + more, in: folder, input: input)
  }

  @Test("a line a row: the label and the probability of each")
  func lines() throws {
    let lines = try predict("p.csv").out.split(separator: "\n")
    #expect(lines.count == 345)
    #expect(lines[0] == "prediction,probability_Adelie,probability_Chinstrap,probability_Gentoo")
    for line in lines.dropFirst() {
      let fields = line.split(separator: ",")
      let probabilities = fields.dropFirst().compactMap { Double($0) }
      #expect(probabilities.count == 3 && abs(probabilities.reduce(0, +) - 1) < 1e-5)
      #expect(fields[0] == ["Adelie", "Chinstrap", "Gentoo"][probabilities.firstIndex(of: probabilities.max()!)!])
    }
  }

  /// The penguins with their columns in another order.
  private func reordered(_ order: [Int], extra: Bool = false) -> String {
    Folder.penguins.split(separator: "\n").enumerated().map { index, line in
      let fields = line.split(separator: ",", omittingEmptySubsequences: false)
      return (order.map { String(fields[$0]) } + (extra ? [index == 0 ? "more" : "\(index)"] : [])).joined(
        separator: ",")
    }.joined(separator: "\n")
  }

  @Test("columns in another order, more of them, or no target: the same predictions, from a file or standard input")
  func columnOrder() throws {
    let expected = try predict("p.csv").out
    folder["q.csv"] = reordered([7, 6, 5, 4, 3, 2, 1, 0], extra: true)
    #expect(try predict("q.csv").out == expected)
    folder["r.csv"] = reordered([0, 1, 2, 3, 4, 5, 6])
    #expect(try predict("r.csv").out == expected)
    #expect(try predict("-", input: Folder.penguins).out == expected)
    #expect(try predict("p.csv", "-o", "out.csv").out.isEmpty && folder["out.csv"] == expected)
  }

  @Test("a column that is carried along comes first")
  func id() throws {
    let lines = try predict("p.csv", "--id", "bill_length_mm").out.split(separator: "\n")
    #expect(lines[0].hasPrefix("bill_length_mm,prediction,") && lines[1].hasPrefix("39.1,"))
    #expect(try Command.fail(["predict", "m.safetensors", "p.csv", "--id", "nope"], in: folder).0 == 64)
  }

  @Test("a category that was not seen is noted, and predicted all the same")
  func unseen() throws {
    folder["q.csv"] = Folder.penguins.replacingOccurrences(of: "Dream", with: "Elba")
    let outcome = try predict("q.csv")
    #expect(outcome.code == 0 && outcome.complaint.contains("124 rows hold a value of “island”"))
  }

  @Test("an output that is there stays when something goes wrong")
  func existingOutput() throws {
    folder["out.csv"] = "mine"
    // The fault is far down, when much has been written.
    let rows = Folder.penguins.split(separator: "\n").dropFirst()
    let many = (0..<30).flatMap { _ in rows }.joined(separator: "\n")
    folder["q.csv"] = Folder.penguins + many + "\nDream,oops,1,1,1,male,2007,Adelie\n"
    let (code, complaint) = try Command.fail(["predict", "m.safetensors", "q.csv", "-o", "out.csv"], in: folder)
    #expect(code == 65 && complaint.contains("q.csv:\(344 * 31 + 2): column 2 \"bill_length_mm\": \"oops\""))
    #expect(folder["out.csv"] == "mine" && !folder.names.contains { $0.contains("partial") })
  }

  @Test("neither the data nor the model is written over", arguments: ["p.csv", "m.safetensors", "../p.csv"])
  func overwriting(output: String) throws {
    let before = (folder.data("p.csv"), folder.data("m.safetensors"))
    let path = output.hasPrefix("..") ? "../\(folder.url.lastPathComponent)/p.csv" : output
    let (code, complaint) = try Command.fail(["predict", "m.safetensors", "p.csv", "-o", path], in: folder)
    #expect(code == 73 && complaint.contains("would overwrite"))
    #expect(folder.data("p.csv") == before.0 && folder.data("m.safetensors") == before.1)
  }

  @Test("labels with commas, quotes, line breaks and emoji are quoted as CSV has it")
  func oddLabels() throws {
    let labels = ["a,1", "b \"2\"", "c\n3", "🐧"]
    let quoted = labels.map { "\"" + $0.replacingOccurrences(of: "\"", with: "\"\"") + "\"" }
    folder["d.csv"] = "x,z,y\n" + (0..<80).map { "\($0 % 4),\($0 % 5),\(quoted[$0 % 4])\n" }.joined()
    try Command.run(Folder.quick("--model", "o", data: "d.csv", target: "y"), in: folder)
    let out = try Command.run(["predict", "o", "d.csv", "-o", "out.csv", "--id", "y"], in: folder)
    #expect(out.code == 0)
    let text = try #require(folder["out.csv"])
    #expect(
      text.hasPrefix(
        "y,prediction,\"probability_a,1\",\"probability_b \"\"2\"\"\",\"probability_c\n3\",probability_🐧\n"))
    // What was written is read again as a table, whose predictions can be learned.
    #expect(try Command.run(Folder.quick("--model", "r", data: "out.csv", target: "y"), in: folder).code == 0)
  }

  @Test("a regression's values come in the target's units, with digits enough for them")
  func regression() throws {
    folder["d.csv"] = "x,y\n" + (0..<64).map { "\($0),\(1_000_000_000 + 3 * $0).5\n" }.joined()
    try Command.run(
      [
        "train", "d.csv", "--target", "y", "--model", "o", "--recipe", "plain", "--layers", "none", "--optimizer", "gd",
        "--momentum", "0", "--learning-rate", "0.5", "--validation", "0", "--quiet",
      ], in: folder)
    let values = try Command.run(["predict", "o", "d.csv"], in: folder).out.split(separator: "\n").dropFirst()
    for (row, value) in values.enumerated() {
      #expect(abs((Double(value) ?? 0) - (1_000_000_000.5 + 3 * Double(row))) < 0.01)
    }
  }

  @Test("a hundred thousand rows stream through")
  func manyRows() throws {
    let rows = Folder.penguins.split(separator: "\n")
    let block = rows.dropFirst().joined(separator: "\n") + "\n"
    folder["big.csv"] = rows[0] + "\n" + String(repeating: block, count: 291)
    let outcome = try predict("big.csv", "-o", "out.csv")
    #expect(outcome.code == 0)
    #expect(folder.data("out.csv")?.count { $0 == UInt8(ascii: "\n") } == 344 * 291 + 1)
  }

  @Test("a signal that ends it leaves no half-written file")
  func signal() throws {
    let before = folder.names
    let process = try Command.process(["predict", "m.safetensors", "-", "-o", "out.csv"], in: folder)
    let input = Pipe()
    process.standardInput = input
    let ended = DispatchSemaphore(value: 0)
    process.terminationHandler = { _ in ended.signal() }
    try process.run()
    // The input has begun, and goes on.
    let rows = Folder.penguins.split(separator: "\n")
    let block = Data((rows.dropFirst().joined(separator: "\n") + "\n").utf8)
    try input.fileHandleForWriting.write(contentsOf: Data((rows[0] + "\n").utf8))
    for _ in 0..<300 { try input.fileHandleForWriting.write(contentsOf: block) }
    for _ in 0..<500 where folder.names == before { usleep(20_000) }
    #expect(folder.names.count == before.count + 1)
    kill(process.processIdentifier, SIGTERM)
    #expect(ended.wait(timeout: .now() + 60) == .success)
    #expect(process.terminationReason == .uncaughtSignal && process.terminationStatus == SIGTERM)
    #expect(folder.names == before)
  }

  @Test("a reader that has seen enough ends it without a word")
  func closedOutput() throws {
    let block = Folder.penguins.split(separator: "\n")
    folder["big.csv"] = block[0] + "\n" + String(repeating: block.dropFirst().joined(separator: "\n") + "\n", count: 30)
    let process = try Command.process(["predict", "m.safetensors", "big.csv"], in: folder)
    let (out, complaint) = (Pipe(), Pipe())
    process.standardOutput = out
    process.standardError = complaint
    let ended = DispatchSemaphore(value: 0)
    process.terminationHandler = { _ in ended.signal() }
    try process.run()
    try out.fileHandleForReading.close()
    ended.wait()
    #expect(try complaint.fileHandleForReading.readToEnd() ?? Data() == Data())
  }
}
