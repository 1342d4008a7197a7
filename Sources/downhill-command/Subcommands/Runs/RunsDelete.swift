import ArgumentParser
import DownhillRuns

struct RunsDelete: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "delete", abstract: "Take runs out of the record, without asking. Files of models stay.")

  @Argument(help: ArgumentHelp("The numbers of the runs.", valueName: "run"))
  var ids: [Int]

  @OptionGroup var place: RunStoreOptions

  func run() throws {
    let store = try place.store(for: .writing)
    var seen: Set<Int> = []
    let ids = ids.filter { seen.insert($0).inserted }
    let models = try ids.map { try store.run($0).model }
    try store.delete(ids)
    store.close()
    for (id, model) in zip(ids, models) { Terminal.print("Deleted run \(id) from \(store.path); \(model) stays") }
  }
}
