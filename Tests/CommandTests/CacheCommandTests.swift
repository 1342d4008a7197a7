import Foundation
import Testing

@Suite("Caches on the command line") struct CacheCommandTests {
  @Test("a cache is told of, used the second time, and changes no byte of the model")
  func train() throws {
    let folder = try Folder.withPenguins()
    let arguments = Folder.quick("--holdout", "0.2").filter { $0 != "--json" }
    #expect(try Command.run(arguments + ["--model", "plain", "--no-cache"], in: folder).code == 0)
    #expect(folder["p.csv.downhill-cache"] == nil && folder.data("p.csv.downhill-cache") == nil)
    let built = try Command.run(arguments + ["--model", "built", "--cache"], in: folder)
    #expect(
      built.code == 0 && built.complaint.contains("building the cache p.csv.downhill-cache"), "\(built.complaint)")
    #expect(built.complaint.contains("built the cache p.csv.downhill-cache: "), "\(built.complaint)")
    let found = try Command.run(arguments + ["--model", "found", "--cache"], in: folder)
    #expect(found.code == 0 && found.complaint.contains("reading the cache p.csv.downhill-cache"), "\(found.complaint)")
    #expect(folder.data("plain") != nil)
    #expect(folder.data("built") == folder.data("plain") && folder.data("found") == folder.data("plain"))
    let quiet = try Command.run(arguments + ["--model", "quiet", "--cache", "--quiet"], in: folder)
    #expect(quiet.code == 0 && quiet.complaint.isEmpty, "\(quiet.complaint)")
  }

  @Test("what can't have a cache is refused, and says why")
  func refused() throws {
    let folder = try Folder.withPenguins()
    func complaint(_ arguments: String...) throws -> (Int32, String) {
      try Command.fail(["train", "--target", "species", "--quiet"] + arguments, in: folder, input: Folder.penguins)
    }
    var (code, text) = try complaint("-", "--cache")
    #expect(code == 64 && text.contains("standard input") && text.contains("no cache"), "\(text)")
    (code, text) = try complaint("p.csv", "--no-cache", "--cache-folder", ".")
    #expect(code == 64 && text.contains("contradict"), "\(text)")
    (code, text) = try complaint("p.csv", "--cache-folder", "nowhere")
    #expect(code == 73 && text.contains("nowhere"), "\(text)")
    #expect(folder.data("p.csv.downhill-cache") == nil)
  }
}
