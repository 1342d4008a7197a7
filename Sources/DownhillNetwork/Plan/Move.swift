internal import DownhillCompute

/// A matrix in the arena whose rows are those of the batch.
struct Slot: Equatable {
  let offset: Int
  let columns: Int

  var all: Place { Place(slot: self, columns: 0..<columns) }
}

/// Some columns of a slot.
struct Place: Equatable {
  let slot: Slot
  let columns: Range<Int>
}

/// Rows that go from one place to another, where values meet or part.
struct Move: Equatable {
  enum Kind { case copy, add, clear }
  let kind: Kind
  let source: Place
  let target: Place

  static func copy(_ source: Place, to target: Place) -> Move { Move(kind: .copy, source: source, target: target) }
  static func add(_ source: Place, to target: Place) -> Move { Move(kind: .add, source: source, target: target) }
  /// Zeros.
  static func clear(_ target: Place) -> Move { Move(kind: .clear, source: target, target: target) }

  static func run(_ kind: Kind, _ source: MatrixView, _ target: MutableMatrixView) {
    switch kind {
    case .copy: target.copy(source)
    case .add: target.addScaled(1, source)
    case .clear: target.fill(0)
    }
  }
}

/// What a stage of phase 1 does with a tile of rows, one after the other.
enum Instruction {
  /// An operation, by its index: forward on the way down, its derivatives on the way back.
  case layer(Int)
  case move(Move)
}
