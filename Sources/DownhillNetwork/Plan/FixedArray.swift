/// Elements that stay where they are: read in place, without the retains and copies that an array's elements cost, which
/// for steps of a microsecond matter.
struct FixedArray<Element>: ~Copyable {
  private let elements: UnsafeMutableBufferPointer<Element>

  init(_ elements: some Collection<Element>) {
    self.elements = .allocate(capacity: elements.count)
    _ = self.elements.initialize(from: elements)
  }

  deinit {
    elements.deinitialize()
    elements.deallocate()
  }

  var count: Int { elements.count }

  /// The first element, in memory that lives as long as this does.
  var base: UnsafePointer<Element> { UnsafePointer(elements.baseAddress!) }

  subscript(index: Int) -> Element {
    unsafeAddress { base + index }
  }
}
