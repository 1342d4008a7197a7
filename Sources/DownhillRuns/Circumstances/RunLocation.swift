public import DownhillFiles

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// Where the runs of a project are recorded: `.downhill/runs.sqlite` in its folder.
public enum RunLocation {
  static let folder = ".downhill", file = "runs.sqlite"

  /// The nearest `.downhill` in a folder or one above it that belongs to the same user; else the place for one: the root of
  /// the Git repository, and outside of repositories the folder itself.
  public static func path(from start: String = currentFolder) -> String {
    // A folder that someone else put into /tmp is none of ours.
    let known = folderAndParents(start).first { parent in isOwn(Folder(parent).file(folder)) }
    return Folder(Folder(known ?? GitRepository.root(of: start) ?? start).file(folder)).file(file)
  }

  /// Makes the folder that a path from `path(from:)` stands in, which Git is told to pass over.
  /// - Throws: `FileError` of kind `cannotCreate`.
  public static func createFolder(for path: String) throws(FileError) {
    let folder = Folder(String(path.dropLast(file.count + 1)))
    if folder.exists { return }
    try folder.create()
    try AtomicFile.write(Array("*\n".utf8), to: folder.file(".gitignore"))
  }

  private static func isOwn(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR && status.st_uid == geteuid()
  }

  /// The folder that the process works in.
  public static var currentFolder: String {
    guard let path = getcwd(nil, 0) else { return "." }
    defer { free(path) }
    return String(cString: path)
  }
}

/// A folder, the one that it stands in, and so on up to the root.
func folderAndParents(_ folder: String) -> [String] {
  guard folder.hasPrefix("/") else { return [folder] }
  var parts = folder.split(separator: "/")
  var folders: [String] = []
  while true {
    folders.append("/" + parts.joined(separator: "/"))
    if parts.isEmpty { return folders }
    parts.removeLast()
  }
}
