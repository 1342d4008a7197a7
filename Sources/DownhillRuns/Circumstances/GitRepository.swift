internal import DownhillFiles

/// Git's repositories, read without Git: none need be installed.
public enum GitRepository {
  /// The folder that is checked out in which a folder stands, or nil.
  public static func root(of folder: String) -> String? {
    folderAndParents(folder).first { SystemFile.exists(Folder($0).file(".git")) }
  }

  /// The commit that is checked out in the repository in which a folder stands, in hexadecimal digits; nil where there is none.
  public static func revision(of folder: String) -> String? {
    guard let root = root(of: folder) else { return nil }
    var git = Folder(root).file(".git")
    // The .git of a worktree or a submodule is a file that says where the folder is.
    if !Folder(git).exists {
      guard let line = SystemFile.line(git), line.hasPrefix("gitdir: ") else { return nil }
      git = absolute(String(line.dropFirst(8)), in: root)
    }
    guard let head = SystemFile.line(Folder(git).file("HEAD")) else { return nil }
    guard head.hasPrefix("ref: ") else { return commit(head) }
    let name = String(head.dropFirst(5))
    // Worktrees share the branches of one folder.
    let common = SystemFile.line(Folder(git).file("commondir")).map { absolute($0, in: git) } ?? git
    for folder in [git, common] {
      if let line = SystemFile.line(Folder(folder).file(name)) { return commit(line) }
    }
    let packed = SystemFile.text(Folder(common).file("packed-refs")) ?? ""
    let line = packed.split(separator: "\n").first { $0.hasSuffix(" \(name)") }
    return line.flatMap { commit(String($0.prefix { $0 != " " })) }
  }

  private static func commit(_ text: String) -> String? {
    (text.count == 40 || text.count == 64) && text.allSatisfy(\.isHexDigit) ? text : nil
  }

  private static func absolute(_ path: String, in folder: String) -> String {
    path.hasPrefix("/") ? path : Folder(folder).file(path)
  }
}
