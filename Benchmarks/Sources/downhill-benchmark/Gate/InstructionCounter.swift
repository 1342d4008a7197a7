import ArgumentParser
import Foundation

/// Counts the instructions of a program by callgrind.
struct InstructionCounter {
  /// Without debugging information: valgrind 3.19 doesn't read DWARF 5.
  let program: String

  /// Of one time that the case is done. Start-up drops out of the difference of a run and one of twice the length.
  func count(_ work: GateCase) throws -> Int {
    (try total(work, work.count * 2) - total(work, work.count)) / work.count
  }

  /// The instruction set that Downhill chooses under valgrind, whose processor is not the real one.
  func instructionSet() throws -> String {
    try run(GateCase.predictedRow, 0).output.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  private func total(_ work: GateCase, _ count: Int) throws -> Int {
    let report = try run(work, count).report
    // ==1234== Collected : 56789
    guard let line = report.split(separator: "\n").last(where: { $0.contains("Collected :") }),
      let total = line.split(separator: " ").last.flatMap({ Int($0) })
    else { throw ValidationError("valgrind counted nothing for \(work.rawValue):\n\(report)") }
    return total
  }

  private func run(_ work: GateCase, _ count: Int) throws -> (output: String, report: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [
      "valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", program, "count", work.rawValue, "--count",
      "\(count)",
    ]
    // Dictionaries are seeded by chance otherwise.
    process.environment = ProcessInfo.processInfo.environment.merging(["SWIFT_DETERMINISTIC_HASHING": "1"]) { $1 }
    let output = Pipe(), report = Pipe()
    process.standardOutput = output
    process.standardError = report
    try process.run()
    let reported = report.fileHandleForReading.readDataToEndOfFile()
    let printed = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    let text = String(decoding: reported, as: UTF8.self)
    guard process.terminationStatus == 0 else { throw ValidationError("\(work.rawValue) under valgrind:\n\(text)") }
    return (String(decoding: printed, as: UTF8.self), text)
  }
}
