import DownhillRuns
import Foundation
import Testing

@Suite("Where and on what a run ran") struct CircumstancesTests {
  @Test("A run whose process is gone is lost; one that may be alive is not")
  func lost() throws {
    let scratch = try Scratch()
    let store = try RunStore(scratch.path("r.sqlite"), for: .writing)
    let own = ProcessMark.current
    let ended = Process()
    ended.executableURL = URL(filePath: "/bin/true")
    try ended.run()
    ended.waitUntilExit()
    let place = own.place.split(separator: " ")
    let marks: [(ProcessMark?, Run.Status)] = [
      (own, .running), (nil, .running),
      (ProcessMark(id: Int(ended.processIdentifier), started: 1, place: own.place), .lost),
      // Its number was given to this process later.
      (ProcessMark(id: own.id, started: own.started - 1, place: own.place), .lost),
      // Before the machine was booted; in another container; on another machine.
      (ProcessMark(id: own.id, started: own.started, place: "\(place[0]) before \(place[2])"), .lost),
      (ProcessMark(id: 99_999_999, started: 1, place: "\(place[0]) \(place[1]) 7"), .running),
      (ProcessMark(id: 99_999_999, started: 1, place: "elsewhere \(place[1]) \(place[2])"), .running),
    ]
    try store.insert(marks.map { (.example(status: .running, process: $0.0), []) })
    var query = RunQuery()
    query.sort = "id"
    #expect(try store.runs(query).map(\.status) == marks.map(\.1))
    query.filters = [try RunFilter(parsing: "status=lost")]
    #expect(try store.runs(query).map(\.id) == [3, 4, 5])
    // A lost run can be deleted.
    try store.delete([3])
  }

  @Test("The revision is what git says: branches, packed ones, a detached head, worktrees, folders below")
  func revision() throws {
    let scratch = try Scratch()
    try scratch.makeFolder("repository/below")
    func git(_ command: String) throws -> String {
      try scratch.shell("git -C repository -c user.name=x -c user.email=x@example.org \(command)")
    }
    _ = try git("init -q -b main .")
    #expect(GitRepository.revision(of: scratch.path("repository")) == nil)
    _ = try git("commit -q --allow-empty -m one")
    let first = try git("rev-parse HEAD")
    #expect(first.count == 40)
    #expect(GitRepository.revision(of: scratch.path("repository")) == first)
    #expect(GitRepository.revision(of: scratch.path("repository/below")) == first)
    #expect(GitRepository.root(of: scratch.path("repository/below")) == scratch.path("repository"))
    _ = try git("pack-refs --all")
    #expect(GitRepository.revision(of: scratch.path("repository")) == first)
    _ = try git("commit -q --allow-empty -m two")
    let second = try git("rev-parse HEAD")
    #expect(GitRepository.revision(of: scratch.path("repository")) == second && second != first)
    _ = try git("worktree add -q -b other ../tree \(first)")
    #expect(GitRepository.revision(of: scratch.path("tree")) == first)
    _ = try git("checkout -q --detach \(first)")
    #expect(GitRepository.revision(of: scratch.path("repository")) == first)
  }

  @Test("Runs are recorded in the nearest .downhill, else at the repository's root, else where one is")
  func location() throws {
    let scratch = try Scratch()
    try scratch.makeFolder("a/b/c")
    let deep = scratch.path("a/b/c")
    #expect(RunLocation.path(from: deep) == "\(deep)/.downhill/runs.sqlite")
    try scratch.makeFolder("a/.git")
    #expect(RunLocation.path(from: deep) == scratch.path("a/.downhill/runs.sqlite"))
    let made = scratch.path("a/b/.downhill/runs.sqlite")
    try RunLocation.createFolder(for: made)
    #expect(try String(contentsOfFile: scratch.path("a/b/.downhill/.gitignore"), encoding: .utf8) == "*\n")
    #expect(RunLocation.path(from: deep) == made)
    // A file of that name is no folder.
    try Data().write(to: scratch.url.appending(path: "a/b/c/.downhill"))
    #expect(RunLocation.path(from: deep) == made)
  }
}
