import ArgumentParser
import Downhill

/// Whether a table is read through a cache.
struct CacheOptions: ParsableArguments {
  @Flag(
    inversion: .prefixedNo,
    help: """
      Read the table through a binary cache next to it, which need not fit into memory; by default where the table is large \
      for this machine. The result is the same.
      """)
  var cache: Bool?

  @Option(
    help: ArgumentHelp(
      "Where the cache stands, and what training writes beside it; by default next to the data.", valueName: "folder"),
    completion: .directory)
  var cacheFolder: String?

  func validate() throws {
    if cache == false && cacheFolder != nil {
      throw ValidationError("--no-cache and --cache-folder contradict each other; give one of them")
    }
  }

  /// A folder that is named is meant to be used.
  var tableCache: TableCache {
    let mode: TableCache.Mode = cache.map { $0 ? .always : .never } ?? (cacheFolder == nil ? .automatic : .always)
    return TableCache(mode, folder: cacheFolder)
  }
}
