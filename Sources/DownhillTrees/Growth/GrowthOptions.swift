/// How a tree grows.
package struct GrowthOptions: Sendable {
  package var leaves = 31
  /// Rows in a leaf, at least.
  package var leafRows = 20
  /// The sum of hessians in a leaf, at least.
  package var leafHessian = 1e-3
  /// λ: a penalty λ/2 v² on the value v of each leaf. Without one, leaves of a rare class have values beyond all measure.
  package var penalty = 1.0
  /// What is added to λ where categories are parted, of which there are many ways.
  package var categoryPenalty = 10.0
  /// Rows that a category has, at least, to be put to the left.
  package var categoryRows = 10
  /// Categories that one side of a split holds, at most.
  package var mostCategories = 32

  package init() {}
}
