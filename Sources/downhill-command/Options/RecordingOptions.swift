import ArgumentParser
import DownhillRuns

/// Where `train` records what it does.
struct RecordingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The database of runs to record this one in, instead of .downhill/runs.sqlite in the project's folder: that of the "
        + "nearest .downhill above, else of the Git repository, else this one.", valueName: "file"),
    completion: .file(extensions: ["sqlite"]))
  var runs: String?

  @Flag(help: "Record nothing.")
  var noRecord = false

  func validate() throws {
    if noRecord && runs != nil {
      throw ValidationError("--no-record and --runs contradict each other; give one of them")
    }
  }
}
