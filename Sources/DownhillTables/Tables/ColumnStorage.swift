internal import DownhillCompute

/// The values of a column, one after the other, in memory or in a file that is mapped: either way a collection that doesn't
/// change.
///
/// Going through the values of a file from the first to the last keeps little of it in memory.
public struct ColumnStorage<Element: BitwiseCopyable & Sendable>: RandomAccessCollection, @unchecked Sendable {
  // Unchecked: nobody writes what is stored.
  @usableFromInline let base: UnsafePointer<Element>
  public let count: Int
  @usableFromInline let memory: ColumnMemory

  /// A copy of some values.
  public init(_ values: some Collection<Element>) {
    self.init(count: values.count) { target in
      if values.withContiguousStorageIfAvailable({ _ = target.initialize(from: $0) }) == nil {
        _ = target.initialize(from: values)
      }
    }
  }

  /// - Parameter fill: initializes all of the values.
  init(count: Int, _ fill: (UnsafeMutableBufferPointer<Element>) -> Void) {
    let target = UnsafeMutableBufferPointer<Element>.allocate(capacity: Swift.max(1, count))
    fill(UnsafeMutableBufferPointer(rebasing: target[..<count]))
    (base, self.count) = (UnsafePointer(target.baseAddress!), count)
    memory = ColumnMemory(target.baseAddress!)
  }

  /// Values that stand in a file, from a byte on.
  init(_ file: FileMapping, at offset: Int, count: Int) {
    precondition(offset >= 0 && count >= 0 && count <= (file.count - offset) / MemoryLayout<Element>.stride)
    base = UnsafePointer((file.base + offset).bindMemory(to: Element.self, capacity: count))
    (self.count, memory) = (count, ColumnMemory(file))
  }

  @inlinable public var startIndex: Int { 0 }
  @inlinable public var endIndex: Int { count }

  @inlinable public subscript(index: Int) -> Element {
    precondition(index >= 0 && index < count, "an index beyond the column")
    return base[index]
  }

  /// The values in their memory, for the duration of the call.
  @inlinable
  public func withUnsafeBufferPointer<Result>(
    _ body: (UnsafeBufferPointer<Element>) throws -> Result
  ) rethrows -> Result {
    try withExtendedLifetime(memory) { try body(UnsafeBufferPointer(start: base, count: count)) }
  }

  /// Values in a file are not offered: whoever goes through them shall do it piece by piece.
  @inlinable
  public func withContiguousStorageIfAvailable<Result>(
    _ body: (UnsafeBufferPointer<Element>) throws -> Result
  ) rethrows -> Result? {
    memory.isMapped ? nil : try withUnsafeBufferPointer(body)
  }

  @inlinable public func makeIterator() -> Iterator { Iterator(self) }

  /// Goes through the values, and gives the memory of a file back behind itself.
  public struct Iterator: IteratorProtocol {
    @usableFromInline var place: UnsafePointer<Element>
    /// The end of the piece.
    @usableFromInline var stop: UnsafePointer<Element>
    @usableFromInline let storage: ColumnStorage

    @inlinable
    init(_ storage: ColumnStorage) {
      self.storage = storage
      place = storage.base
      stop = storage.base + Swift.min(storage.count, storage.memory.isMapped ? storage.piece : storage.count)
    }

    @inlinable
    public mutating func next() -> Element? {
      if place == stop && !advance() { return nil }
      defer { place += 1 }
      return place.pointee
    }

    @usableFromInline
    mutating func advance() -> Bool {
      storage.giveBack()
      let left = storage.base + storage.count - stop
      stop += Swift.min(left, storage.piece)
      return left > 0
    }
  }

  /// Values of a file that are in memory at a time.
  @usableFromInline var piece: Int { (1 << 22) / MemoryLayout<Element>.stride }

  /// Whether the values stand in a file.
  package var isMapped: Bool { memory.isMapped }

  /// Gives back the memory that values of a file take since they were read.
  package func giveBack() {
    guard let file = memory.file else { return }
    let start = UnsafeRawPointer(base) - UnsafeRawPointer(file.base)
    file.giveBack(start..<start + count * MemoryLayout<Element>.stride)
  }
}

extension ColumnStorage: Equatable where Element: Equatable {
  public static func == (left: Self, right: Self) -> Bool { left.elementsEqual(right) }
  public static func == (left: Self, right: [Element]) -> Bool { left.elementsEqual(right) }
  public static func == (left: [Element], right: Self) -> Bool { left.elementsEqual(right) }
}

extension ColumnStorage: ExpressibleByArrayLiteral {
  public init(arrayLiteral elements: Element...) { self.init(elements) }
}

/// The memory of a column, given back with its last reader.
@usableFromInline
final class ColumnMemory: @unchecked Sendable {
  // Unchecked: it is written before it is shared, if ever.
  private let allocated: UnsafeMutableRawPointer?
  let file: FileMapping?
  @usableFromInline let isMapped: Bool

  init(_ allocated: UnsafeMutableRawPointer) { (self.allocated, file, isMapped) = (allocated, nil, false) }
  init(_ file: FileMapping) { (allocated, self.file, isMapped) = (nil, file, true) }

  deinit { allocated?.deallocate() }
}
