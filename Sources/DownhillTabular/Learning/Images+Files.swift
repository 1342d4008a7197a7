internal import DownhillCompute
public import DownhillTables

/// How image files become images of one size.
public struct ImageFit: Sendable, Equatable {
  /// In pixels; nil: that of the files, which must all be of one size.
  public var size: Size?
  /// 1: grey; 3: colours; nil: colours if there are any.
  public var channels: Int?
  /// Whether images of other sizes are scaled to this one; they are refused otherwise.
  public var scales: Bool

  public struct Size: Sendable, Equatable {
    public let width: Int
    public let height: Int

    public init(width: Int, height: Int) { (self.width, self.height) = (width, height) }
  }

  public init(size: Size? = nil, channels: Int? = nil, scales: Bool = false) {
    (self.size, self.channels, self.scales) = (size, channels, scales)
  }

  /// As images that were read already.
  public init(_ images: Images) { self.init(images.dimensions, scales: images.areResized) }

  /// As an encoder takes them.
  public init(_ encoder: ImageEncoder) { self.init(encoder.dimensions, scales: encoder.resizes ?? false) }

  private init(_ dimensions: [Int], scales: Bool) {
    // What is neither grey nor in three colours can't come from files: no size fits.
    let channels = dimensions.count == 2 ? 1 : dimensions.count == 3 ? dimensions[2] : 0
    self.init(
      size: dimensions.count >= 2 ? Size(width: dimensions[1], height: dimensions[0]) : Size(width: 0, height: 0),
      channels: channels, scales: scales)
  }
}

/// Images from files, and which files these are.
public struct ImageFiles: Sendable {
  public let images: Images
  /// The places of the images' files among those that were asked for.
  public let kept: [Int]
  public let skipped: SkippedRows

  /// Reads PNG and JPEG files, which become images of one size; see `ImageFit`.
  ///
  /// Headers are read first, so that what doesn't fit is found out before anything is decoded.
  /// - Parameters:
  ///   - skipsBroken: files that can't be decoded are passed over and counted.
  ///   - source: what messages call the images.
  /// - Throws: `TableError` naming the file that can't be decoded, or, of another size, what to do; `LearningError`.
  public init(
    _ files: [String], fit: ImageFit = ImageFit(), skipsBroken: Bool = false, source: String, threads: Int? = nil
  ) throws {
    let workers = WorkerPool(threads: threads)
    let headers: [Result<ImageHeader, TableError>] = workers.map(files.count) { index in
      Result { () throws(TableError) in try ImageHeader(contentsOf: files[index]) }
    }
    var faults: [(file: Int, error: TableError)] = []
    var readable: [(file: Int, header: ImageHeader)] = []
    for (index, header) in headers.enumerated() {
      switch header {
      case .success(let header): readable.append((index, header))
      // A library that is missing, or a file that may not be read, is nothing to pass over.
      case .failure(let error) where skipsBroken && error.kind == .malformed: faults.append((index, error))
      case .failure(let error): throw error
      }
    }
    guard let size = fit.size ?? readable.first.map({ ImageFit.Size(width: $0.header.width, height: $0.header.height) })
    else { throw faults.first?.error ?? LearningError("\(source) holds no images") }
    if !fit.scales {
      try Self.checkSizes(readable.map { (files[$0.file], $0.header) }, size, isGiven: fit.size != nil)
    }
    let channels = fit.channels ?? readable.map(\.header.channels).max() ?? 1
    guard channels == 1 || channels == 3 else {
      throw LearningError("\(source) holds image files, and the model takes arrays of other dimensions")
    }
    // What is larger than any file may be comes from a damaged model.
    guard max(size.width, size.height) <= 1 << 20 else {
      throw LearningError("the model takes images of \(size.width) × \(size.height) pixels, and no file has so many")
    }
    let bytes = size.width * size.height * channels
    guard Double(bytes) * Double(readable.count) <= Double(physicalMemory) else {
      throw LearningError(
        "\(readable.count) images of \(size.width) × \(size.height) take more memory than this machine has: scale them down "
          + "with --image-size", kind: .request)
    }
    var pixels = [UInt8](repeating: 0, count: bytes * readable.count)
    let outcomes: [TableError?] = pixels.withUnsafeMutableBufferPointer { pixels in
      let place = pixels.baseAddress!
      return workers.map(readable.count) { index in
        do throws(TableError) {
          let grid = try ImageFile.decode(files[readable[index].file]).converted(channels: channels)
          let fitted = fit.scales ? grid.scaled(width: size.width, height: size.height) : grid
          guard fitted.pixels.count == bytes else {
            throw TableError(.malformed, file: files[readable[index].file], "the file changed while it was read.")
          }
          fitted.pixels.withUnsafeBufferPointer { (place + index * bytes).update(from: $0.baseAddress!, count: bytes) }
          return nil
        } catch { return error }
      }
    }
    var kept: [Int] = []
    for (index, outcome) in outcomes.enumerated() {
      if let error = outcome {
        guard skipsBroken, error.kind == .malformed else { throw error }
        faults.append((readable[index].file, error))
        continue
      }
      // Images move up to where broken ones would stand.
      if kept.count < index {
        pixels.withUnsafeMutableBufferPointer {
          ($0.baseAddress! + kept.count * bytes).update(from: $0.baseAddress! + index * bytes, count: bytes)
        }
      }
      kept.append(readable[index].file)
    }
    faults.sort { $0.file < $1.file }
    // Of which there is nothing to learn; where sizes are known, as in prediction, none are a result like any other.
    if let fault = faults.first, kept.isEmpty, fit.size == nil { throw fault.error }
    pixels.removeLast(pixels.count - kept.count * bytes)
    images = try Images(
      dimensions: [size.height, size.width] + (channels == 1 ? [] : [channels]), bytes: pixels, source: source,
      areResized: fit.scales)
    self.kept = kept
    skipped = SkippedRows(faults.map(\.error), what: "image")
  }

  private static func checkSizes(
    _ images: [(file: String, header: ImageHeader)], _ size: ImageFit.Size, isGiven: Bool
  ) throws {
    guard let other = images.first(where: { $0.header.width != size.width || $0.header.height != size.height }) else {
      return
    }
    let found = "\(other.header.width) × \(other.header.height) pixels"
    if isGiven {
      throw LearningError(
        "\(other.file) has \(found), and \(size.width) × \(size.height) are expected. Scale it, or train with --image-size, "
          + "which scales all images, also those to predict")
    }
    throw LearningError(
      "images differ in size: \(images[0].file) has \(size.width) × \(size.height) pixels, and \(other.file) has \(found). "
        + "Have all of them scaled: --image-size \(size.width)x\(size.height)")
  }
}

extension Examples {
  /// Images in folders of classes.
  public init(_ folder: ImageFolder, _ files: ImageFiles) {
    let codes = files.kept.map { folder.codes[$0] }
    var images = files.images
    images.files = files.kept.map { folder.files[$0] }
    self.init(
      images,
      target: Column(name: "label", kind: .categorical, values: .categories(codes: codes, names: folder.classes)))
  }
}
