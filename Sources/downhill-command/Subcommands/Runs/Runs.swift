import ArgumentParser

struct Runs: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show, compare, delete and export the trainings that were recorded.",
    discussion: """
      Every `train` and `tune` is recorded in an SQLite database, .downhill/runs.sqlite in the project's folder: what was asked, the \
      epochs, the metrics, and which model came of it.

        downhill runs list --sort accuracy --limit 10
        downhill runs list --filter status=completed --filter 'rmse<0.4'
        downhill runs compare 12 15
      """,
    subcommands: [RunsList.self, RunsShow.self, RunsCompare.self, RunsDelete.self, RunsExport.self],
    defaultSubcommand: RunsList.self)
}
