internal import DownhillCompute

/// The last steps s and changes of the gradient y, which stand for the inverse of the loss's curvature.
struct CurvatureMemory {
  private var pairs: [(s: Vector, y: Vector, inverse: Double)] = []
  private let capacity: Int

  init(capacity: Int) { self.capacity = capacity }

  var isEmpty: Bool { pairs.isEmpty }
  mutating func forget() { pairs = [] }

  /// Remembers a step, unless the loss doesn't curve upwards along it, which would lead nowhere.
  mutating func add(s: Vector, y: Vector) {
    let curvature = s.view.inner(y.view)
    guard curvature > 1e-10 * y.view.sumOfSquares, curvature.isFinite else { return }
    if pairs.count == capacity { pairs.removeFirst() }
    pairs.append((s, y, 1 / curvature))
  }

  /// All that is remembered: each step with its change of the gradient, oldest first.
  var vectors: [Vector] {
    get { pairs.flatMap { [$0.s, $0.y] } }
    set {
      pairs = stride(from: 0, to: newValue.count - 1, by: 2).map { first in
        let (s, y) = (newValue[first], newValue[first + 1])
        return (s, y, 1 / s.view.inner(y.view))
      }
    }
  }

  /// Whether these could be what was remembered: pairs along which the loss curves upwards.
  static func canBe(_ vectors: [Vector]) -> Bool {
    vectors.count.isMultiple(of: 2)
      && stride(from: 0, to: vectors.count, by: 2).allSatisfy { first in
        let curvature = vectors[first].view.inner(vectors[first + 1].view)
        return curvature > 0 && curvature.isFinite
      }
  }

  /// −H g, H the inverse curvature: the two loops of Nocedal, "Updating quasi-Newton matrices with limited storage", 1980.
  func direction(_ gradient: Vector) -> Vector {
    var q = gradient
    var shares: [Double] = []
    for (s, y, inverse) in pairs.reversed() {
      let share = inverse * s.view.inner(q.view)
      shares.append(share)
      q.mutableView().addScaled(-Float(share), y.view)
    }
    if let last = pairs.last {
      let view = q.mutableView()
      view.scale(Float(1 / (last.inverse * last.y.view.sumOfSquares)), view.readable)
    }
    for ((s, y, inverse), share) in zip(pairs, shares.reversed()) {
      let other = inverse * y.view.inner(q.view)
      q.mutableView().addScaled(Float(share - other), s.view)
    }
    let view = q.mutableView()
    view.scale(-1, view.readable)
    return q
  }
}
