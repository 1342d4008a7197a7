/// A run of floats inside a vector, to write: an optimizer's view of a block of θ or of its state.
///
/// A view is valid only inside the call that it was handed to.
public struct MutableVectorView {
  package let base: UnsafeMutablePointer<Float>
  public let count: Int

  package init(base: UnsafeMutablePointer<Float>, count: Int) {
    self.base = base
    self.count = count
  }

  public subscript(index: Int) -> Float {
    get {
      precondition(index >= 0 && index < count, "index \(index) of \(count)")
      return base[index]
    }
    nonmutating set {
      precondition(index >= 0 && index < count, "index \(index) of \(count)")
      base[index] = newValue
    }
  }

  /// The same floats, to read.
  public var readable: VectorView { VectorView(base: UnsafePointer(base), count: count) }

  /// Part of them.
  public subscript(range: Range<Int>) -> MutableVectorView {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "\(range) of \(count)")
    return MutableVectorView(base: base + range.lowerBound, count: range.count)
  }

  /// The floats as rows of a matrix.
  public func matrix(rows: Int, columns: Int) -> MutableMatrixView {
    precondition(rows * columns == count, "\(count) floats as a matrix of \(rows) × \(columns)")
    return MutableMatrixView(base: base, rows: rows, columns: columns, rowStride: columns)
  }
}

/// A run of floats inside a vector, to read.
///
/// A view is valid only inside the call that it was handed to.
public struct VectorView {
  package let base: UnsafePointer<Float>
  public let count: Int

  package init(base: UnsafePointer<Float>, count: Int) {
    self.base = base
    self.count = count
  }

  public subscript(index: Int) -> Float {
    precondition(index >= 0 && index < count, "index \(index) of \(count)")
    return base[index]
  }

  /// Whether no element is infinite or not a number.
  package var areFinite: Bool {
    // Without a branch, so that it vectorises: one more in an exponent that is full carries into the sign's place.
    var carries: UInt32 = 0
    for element in UnsafeBufferPointer(start: base, count: count) {
      carries |= (element.magnitude.bitPattern &+ Float.leastNormalMagnitude.bitPattern)
    }
    return carries >> 31 == 0
  }
}

extension Vector {
  /// The whole vector, to read; valid while it lives unchanged.
  package var view: VectorView { VectorView(base: base, count: count) }

  /// The whole vector, to write; valid until the next copy or change.
  package mutating func mutableView() -> MutableVectorView { MutableVectorView(base: uniqueBase(), count: count) }
}
