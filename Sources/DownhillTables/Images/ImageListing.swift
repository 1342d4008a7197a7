internal import DownhillFiles

/// The image files in a folder and in the folders inside it, in the order of their names; and what else lies there.
struct ImageListing {
  private(set) var files: [String] = []
  /// Files and folders whose names begin with a dot.
  private(set) var hidden = 0
  /// Files that are no images by their names.
  private(set) var others: [String] = []

  /// A chain of links may never end.
  private static let deepest = 32

  /// - Throws: `FileError` where a folder can't be opened; `TableError` where folders are nested too deeply.
  init(_ folder: Folder) throws {
    try add(folder, depth: 0)
  }

  /// One that holds nothing yet.
  init() {}

  mutating func add(_ other: ImageListing) {
    files += other.files
    note(other)
  }

  /// Counts what another one passed over.
  mutating func note(_ other: ImageListing) {
    hidden += other.hidden
    others += other.others
  }

  /// Takes a file, or counts it.
  mutating func add(file: String, name: String) {
    if name.hasPrefix(".") {
      hidden += 1
    } else if ImageFile.hasItsName(name) {
      files.append(file)
    } else {
      others.append(file)
    }
  }

  mutating func addHidden() { hidden += 1 }

  private mutating func add(_ folder: Folder, depth: Int) throws {
    guard depth < Self.deepest else {
      throw TableError(
        .cannotOpen, file: folder.path, "folders are nested more than \(Self.deepest) deep. Is there a link to itself?")
    }
    for name in try folder.names() {
      let path = folder.file(name)
      if !name.hasPrefix("."), Folder(path).exists {
        try add(Folder(path), depth: depth + 1)
      } else {
        add(file: path, name: name)
      }
    }
  }

  /// What was passed over, a line for each kind.
  func notes(of source: String) -> [String] {
    var notes: [String] = []
    if let first = others.first {
      let which = others.count == 1 ? ": \(first)" : ", the first of them \(first)"
      notes.append(
        "\(source): passed over \(counted(others.count, "file")) not named .png, .jpg or .jpeg\(which)")
    }
    if hidden > 0 { notes.append("\(source): passed over \(counted(hidden, "hidden file"))") }
    return notes
  }
}
