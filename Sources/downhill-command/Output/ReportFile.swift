import Downhill

/// A report as a file.
enum ReportFile {
  /// Finds out before work what would go wrong after it.
  /// - Throws: `FileError` where the file can't be created.
  static func check(_ path: String?) throws(FileError) {
    // Never committed, so nothing is changed.
    if let path { _ = try AtomicFile(path) }
  }

  /// Writes the page, whole or not at all.
  static func write(_ report: Report, to path: String) throws(FileError) {
    try AtomicFile.write(Array(report.html.utf8), to: path)
  }
}
