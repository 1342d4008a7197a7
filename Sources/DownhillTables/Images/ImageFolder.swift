internal import DownhillFiles

/// Image files in folders that say what they show: one folder a class.
///
///     photos/cat/1.jpg
///     photos/cat/2.png
///     photos/dog/1.jpg
public struct ImageFolder: Sendable, Equatable {
  public let path: String
  /// The names of the folders that hold images, in order.
  public let classes: [String]
  /// The files, class by class in the order of their names.
  public let files: [String]
  /// For each file the index of its class.
  public let codes: [Int32]
  /// What was passed over, for people.
  public let notes: [String]

  /// - Throws: `FileError` where a folder can't be opened; `TableError` where there are no folders with images in it.
  public init(_ path: String) throws {
    let folder = Folder(path)
    var classes: [String] = [], files: [String] = [], codes: [Int32] = [], empty: [String] = []
    var passedOver = ImageListing(), loose = ImageListing()
    for name in try folder.names().sorted(by: precedes) {
      let inside = Folder(folder.file(name))
      if name.hasPrefix(".") {
        passedOver.addHidden()
      } else if inside.exists {
        let listing = try ImageListing(inside)
        passedOver.note(listing)
        if listing.files.isEmpty {
          empty.append(name)
          continue
        }
        codes += [Int32](repeating: Int32(classes.count), count: listing.files.count)
        files += listing.files
        classes.append(name)
      } else {
        loose.add(file: inside.path, name: name)
      }
    }
    passedOver.note(loose)
    guard !classes.isEmpty else {
      throw TableError(
        .malformed, file: path,
        "the folder holds no folders with PNG or JPEG images in them: one folder a class was expected, such as "
          + "\(folder.file("cat/1.png")), \(folder.file("dog/1.png")).")
    }
    var notes = passedOver.notes(of: path)
    if let first = loose.files.first {
      notes.append(
        "\(path): passed over \(counted(loose.files.count, "image")) in no folder of a class, the first of them \(first)"
      )
    }
    if !empty.isEmpty {
      notes.append("\(path): no images in \(empty.map { "“\($0)”" }.joined(separator: ", ")), so they are no classes")
    }
    (self.path, self.classes, self.files, self.codes, self.notes) = (path, classes, files, codes, notes)
  }

  /// Checks that a model, or a training, knows all classes.
  /// - Throws: `TableError` with the first that it doesn't.
  public func check(against known: [String]) throws(TableError) {
    guard let unknown = classes.first(where: { !known.contains($0) }) else { return }
    let hint = nearest(to: unknown, among: known).map { "; did you mean “\($0)”?" } ?? "."
    let shown = known.prefix(20).joined(separator: ", ") + (known.count > 20 ? ", …" : "")
    throw TableError(
      .mismatch, file: path,
      "the folder has the class “\(unknown)”, which was not trained on\(hint) There are \(shown).")
  }

  /// All images that are named: files, and those in folders, whatever they are inside of.
  /// - Returns: the files in order, and what was passed over.
  /// - Throws: `FileError` where a folder can't be opened; `TableError` where a folder holds no images.
  public static func files(_ paths: [String]) throws -> (files: [String], notes: [String]) {
    var all: [String] = [], notes: [String] = []
    for path in paths {
      guard Folder(path).exists else {
        all.append(path)
        continue
      }
      let listing = try ImageListing(Folder(path))
      notes += listing.notes(of: path)
      guard !listing.files.isEmpty else {
        throw TableError(.malformed, file: path, "the folder holds no PNG or JPEG images (.png, .jpg, .jpeg).")
      }
      all += listing.files
    }
    return (all, notes)
  }
}
