/// A vector of floats in aligned, contiguous memory: θ, ∇θ and the optimizer's state are vectors.
///
/// A value: copies are independent, and made when one of them changes.
public struct Vector: @unchecked Sendable {
  // Unchecked: the buffer is shared only while nobody writes; `uniqueBase` copies it before a write otherwise.
  private var storage: AlignedBuffer

  /// `count` zeros.
  public init(count: Int) { storage = AlignedBuffer(count: count) }

  /// The first floats of a file; a change makes a copy in memory.
  package init(_ file: FileMapping, count: Int) { storage = AlignedBuffer(file, count: count) }

  /// The file that the elements stand in; nil: they are in memory.
  package var file: FileMapping? { storage.file }

  /// The elements of a sequence.
  public init(_ elements: some Collection<Float>) {
    self.init(count: elements.count)
    let base = storage.base
    // Arrays and buffers are copied at once; this code is not compiled for each kind of collection.
    let isCopied: Void? = elements.withContiguousStorageIfAvailable { source in
      if let start = source.baseAddress { base.update(from: start, count: source.count) }
    }
    if isCopied == nil { for (index, element) in elements.enumerated() { base[index] = element } }
  }

  public var count: Int { storage.count }

  public subscript(index: Int) -> Float {
    get {
      precondition(index >= 0 && index < count, "index \(index) of a vector of \(count)")
      return storage.base[index]
    }
    set {
      precondition(index >= 0 && index < count, "index \(index) of a vector of \(count)")
      uniqueBase()[index] = newValue
    }
  }

  /// The elements as an array.
  public var elements: [Float] { Array(UnsafeBufferPointer(start: storage.base, count: count)) }

  /// Whether no element is infinite or not a number.
  public var areFinite: Bool { VectorView(base: base, count: count).areFinite }

  /// The memory, to read. Valid while this vector lives unchanged.
  package var base: UnsafePointer<Float> { UnsafePointer(storage.base) }

  /// The memory, to write, after making sure that no copy shares it.
  package mutating func uniqueBase() -> UnsafeMutablePointer<Float> {
    if !isKnownUniquelyReferenced(&storage) || storage.file != nil { storage = AlignedBuffer(copying: storage) }
    return storage.base
  }
}

extension Vector: Equatable {
  /// Equal elements, as floats compare (0 equals −0, NaN nothing).
  public static func == (a: Vector, b: Vector) -> Bool {
    a.count == b.count && (0..<a.count).allSatisfy { a.base[$0] == b.base[$0] }
  }
}

extension Vector: ExpressibleByArrayLiteral {
  public init(arrayLiteral elements: Float...) { self.init(elements) }
}
