internal import DownhillCompute
internal import DownhillTables

/// The rows of the examples by what they are for.
package struct Parts: Sendable {
  package var training: [Int32]
  package var validation: [Int32]
  package var holdout: [Int32]
  /// Where an ensemble is trained: the training rows that each member is validated on, and does not learn from. `validation` is
  /// empty then.
  package var folds: [[Int32]] = []
  /// How many rows a network learns from.
  var trainedOn: Int { training.count - (folds.map(\.count).max() ?? 0) }

  /// The training rows that a member learns from, the first of them 0.
  package func rows(ofMember index: Int) -> [Int32] {
    let left = Set(folds[index])
    return training.filter { !left.contains($0) }
  }

  /// - Parameters:
  ///   - rows: those that have an answer.
  ///   - classes: the class of each of them; nil: they have none.
  ///   - examples: all rows, with an answer or without.
  init(_ rows: [Int32], classes: [Int32]?, examples: Examples, learner: Learner) throws {
    if let members = learner.recipe.members, members > 1, let reason = learner.split.whyNoFolds {
      throw LearningError("an ensemble's members are validated on folds of the rows, and \(reason)", kind: .request)
    }
    if case .given(let column) = learner.split {
      (training, validation, holdout) = try Self.parts(of: rows, givenBy: column, examples, learner)
      return
    }
    var classOfRow: [Int32]?
    if let classes {
      classOfRow = classes
      if rows.count < examples.count {
        classOfRow = [Int32](repeating: -1, count: examples.count)
        for (row, code) in zip(rows, classes) { classOfRow![Int(row)] = code }
      }
    }
    let splitter = try Splitter(learner, classOfRow, examples)
    let first = try splitter.split(rows, share: learner.holdout, index: 0)
    if let members = learner.recipe.members, members > 1 {
      (training, validation, holdout) = (first.training, [], first.heldOut)
      folds = try Self.folds(of: first.training, count: members, among: learner.folds, splitter)
      return
    }
    let second = try splitter.split(first.training, share: learner.recipe.validation, index: 1)
    (training, validation, holdout) = (second.training, second.heldOut, first.heldOut)
  }

  /// Few members leave out small folds too: the more rows a network learns from, the better it is.
  private static let fewestFolds = 10

  /// - Parameter all: in how many parts rows are divided, of which each member takes one; nil: ten or more, where rows allow
  ///   for it.
  private static func folds(
    of rows: [Int32], count: Int, among all: Int?, _ splitter: Splitter
  ) throws -> [[Int32]] {
    if all == nil, fewestFolds > count, let folds = try? folds(of: rows, count: count, among: fewestFolds, splitter) {
      return folds
    }
    return try folds(of: rows, count: count, among: all ?? count, splitter)
  }

  /// Each fold is held out of what those before it left, by the rule that rows are held out by. First of all the rows of all folds
  /// are, so that every class has its share of them.
  private static func folds(
    of rows: [Int32], count: Int, among all: Int, _ splitter: Splitter
  ) throws -> [[Int32]] {
    guard rows.count >= all else {
      throw LearningError(
        "\(counted(rows.count, "row")) can't be parted in \(all): give more rows, or train fewer members",
        kind: .request)
    }
    if let groups = try splitter.groups(of: rows, parts: all) { return Array(groups.prefix(count)) }
    var folds: [[Int32]] = []
    var rest =
      count < all ? try splitter.split(rows, share: Double(count) / Double(all), index: count).heldOut : rows
    for index in 1..<count {
      let split = try splitter.split(rest, share: 1 / Double(count - index + 1), index: index)
      folds.append(split.heldOut)
      rest = split.training
    }
    return folds + [rest]
  }

  private static func parts(
    of rows: [Int32], givenBy column: Column, _ examples: Examples, _ learner: Learner
  ) throws(LearningError) -> (training: [Int32], validation: [Int32], holdout: [Int32]) {
    guard learner.holdout == 0 else {
      throw LearningError(
        "the column “\(column.name)” says which rows are held back; a share of them makes no sense besides",
        kind: .request)
    }
    var (training, validation, holdout): ([Int32], [Int32], [Int32]) = ([], [], [])
    for row in rows {
      let text = column.text(Int(row))
      switch text.flatMap(NamedPart.init) {
      case .training: training.append(row)
      case .validation: validation.append(row)
      case .holdout: holdout.append(row)
      case nil:
        let found = text.map { "“\($0)”" } ?? "nothing"
        let message = "\(found) where train, validation or test was expected"
        throw LearningError(
          examples.error(row: Int(row), column: column.name, message) ?? "\(column.name): \(message)")
      }
    }
    guard !training.isEmpty else {
      throw LearningError("no row of \(examples.source) has train in the column “\(column.name)”")
    }
    return (training, validation, holdout)
  }
}

/// One way of parting rows in two.
private struct Splitter {
  private enum Rule {
    case inOrder, random
    /// Of every row of the examples.
    case stratified([Int32])
    case grouped([Int32])
    case latest([Double])
  }

  private let rule: Rule
  private let seed: UInt64

  init(_ learner: Learner, _ classes: [Int32]?, _ examples: Examples) throws(LearningError) {
    seed = learner.seed
    switch learner.split {
    case .grouped(let column): rule = .grouped(column.classes.codes)
    case .latest(let column):
      guard case .numbers(let times) = column.values else {
        throw LearningError(
          "\(examples.source): the column “\(column.name)” holds texts; rows are put in order by numbers or dates",
          kind: .request)
      }
      // A date that can't be read is as good as missing.
      rule = .latest(times.map { $0.isFinite ? $0 : .nan })
    case .random where !learner.shuffles: rule = .inOrder
    case .random, .given: rule = classes.map(Rule.stratified) ?? .random
    }
  }

  /// Rows in parts, those that belong together in the same one; nil: none do. Larger groups are dealt out first, each to the part
  /// that has the fewest rows so far, so that there are as many parts as there are groups for, and they are as even as these allow.
  func groups(of rows: [Int32], parts count: Int) throws -> [[Int32]]? {
    guard case .grouped(let all) = rule else { return nil }
    var members: [Int32: [Int32]] = [:]
    for row in rows { members[all[Int(row)], default: []].append(row) }
    guard members.count >= count else {
      throw LearningError(
        "\(counted(members.count, "group")) of rows can't be parted in \(count): train fewer members, or group by another column",
        kind: .request)
    }
    var random = RandomStream(seed: seed, purpose: .split, index: 1)
    var order = members.keys.sorted()
    random.shuffle(&order)
    let largestFirst = order.enumerated().sorted { one, other in
      (members[other.element]!.count, one.offset) < (members[one.element]!.count, other.offset)
    }
    var parts = [[Int32]](repeating: [], count: count)
    for (_, group) in largestFirst {
      let smallest = parts.indices.min { (parts[$0].count, $0) < (parts[$1].count, $1) }!
      parts[smallest] += members[group]!
    }
    // The largest groups would be in the first of them.
    var places = [Int32](0..<Int32(count))
    random.shuffle(&places)
    return places.map { parts[Int($0)].sorted() }
  }

  func split(_ rows: [Int32], share: Double, index: Int) throws -> Split {
    if share == 0 { return Split(training: rows, heldOut: []) }
    var random = RandomStream(seed: seed, purpose: .split, index: index)
    func values<Value>(_ all: [Value]) -> [Value] {
      rows.count == all.count ? all : rows.map { all[Int($0)] }
    }
    return switch rule {
    case .inOrder: try Split.inOrder(rows, heldOut: share)
    case .random: try Split.random(rows, heldOut: share, using: &random)
    case .stratified(let all): try Split.stratified(rows, by: values(all), heldOut: share, using: &random)
    case .grouped(let all): try Split.grouped(rows, by: values(all), heldOut: share, using: &random)
    case .latest(let all): try Split.latest(rows, by: values(all), heldOut: share)
    }
  }
}
