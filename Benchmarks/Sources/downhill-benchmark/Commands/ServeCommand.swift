import ArgumentParser
import Downhill
import Foundation

struct ServeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Does what it is asked for, line by line, and says how long it took.",
    discussion: """
      Reads and prints JSON objects, one a line, as Benchmarks/peers/serving.py does:
        {"do": "prepare", "name": "a", "spec": {"kind": "step", "layers": [4, 16, 3], "batch": 32}}  →  {}
        {"do": "run", "name": "a", "count": 1000}  →  {"seconds": 0.003, "count": 1000}
        {"do": "facts", "name": "a"}  →  {"peak": 12345678}
        {"do": "drop", "name": "a"}  →  {}
      """)

  func run() throws {
    var works: [String: any Work] = [:]
    let decoder = JSONDecoder()
    while let line = readLine() {
      let reply: Reply
      do {
        let question = try decoder.decode(Question.self, from: Data(line.utf8))
        reply = try answer(question, &works)
      } catch {
        reply = Reply(error: "\(error)")
      }
      print(try json(reply))
      fflush(nil)
    }
  }

  private func answer(_ question: Question, _ works: inout [String: any Work]) throws -> Reply {
    switch question.do {
    case .prepare:
      guard let spec = question.spec else { throw ValidationError("prepare takes a spec") }
      works[question.name] = try spec.makeWork()
      return Reply()
    case .drop:
      works[question.name] = nil
      return Reply()
    case .run, .facts:
      guard let work = works[question.name] else { throw ValidationError("nothing is named \(question.name)") }
      if question.do == .facts { return Reply(facts: try work.facts(), peak: peakMemory()) }
      let count = question.count ?? 1
      return Reply(seconds: try seconds { try work.run(count: count) }, count: count)
    }
  }
}

private struct Question: Decodable {
  let `do`: Task
  let name: String
  let spec: WorkRequest?
  let count: Int?

  enum Task: String, Decodable { case prepare, run, facts, drop }
}

private struct Reply: Encodable {
  var seconds: Double?
  var count: Int?
  var facts: [String: Double]?
  var peak: Double?
  var error: String?
}
