internal import DownhillTables
public import DownhillTabular

extension SearchSpace {
  /// What is worth searching around a recipe.
  /// - Parameters:
  ///   - recipe: settled.
  ///   - rows: that each network learns from.
  ///   - fixed: names that are left out.
  ///   - hasLayers: whether layers are declared, so that there is nothing of an architecture to search.
  package static func usual(
    for task: LearningTask, rows: Int, around recipe: Recipe, fixed: Set<String> = [], hasLayers: Bool = false
  ) throws(SearchSpaceError) -> SearchSpace {
    let circumstances = RecipeSetting.Circumstances(task: task, rows: rows, recipe: recipe)
    var dimensions: [SearchDimension] = []
    for setting in RecipeSetting.all where !fixed.contains(setting.name) && !(hasLayers && setting.isArchitecture) {
      if let domain = setting.usual(circumstances) { dimensions.append(SearchDimension(setting.name, domain)) }
    }
    return try SearchSpace(dimensions)
  }

  /// What a settled recipe is in the space; settings that have no value there are missing.
  package func point(of recipe: Recipe) -> SearchPoint {
    var point = SearchPoint()
    for dimension in dimensions where isActive(dimension, in: point) {
      guard let value = RecipeSetting[dimension.name]?.get(recipe), dimension.domain.place(of: value) != nil else {
        continue
      }
      point[dimension.name] = value
    }
    return point
  }

  /// Points that differ from the usual one in one respect, each of which is worth much on some tables and costs little on others.
  /// A search of few trials is mostly of these; one of many combines what they tell.
  package func variations(of usual: SearchPoint) -> [SearchPoint] {
    let activation: SearchValue = usual["activation"] == "selu" ? "mish" : "selu"
    let slower = usual["learning-rate"]?.number.map { SearchValue.number($0 / 3) }
    let variations: [[String: SearchValue?]] = [
      ["width": 256], ["embedding": "periodic(deviation: 0.3)"], ["activation": activation], ["scaling": "standard"],
      ["learning-rate": slower], ["depth": 4, "residual": true], ["embedding": "none"], ["dropout": 0], ["depth": 2],
    ]
    return variations.compactMap { changes in
      let point = changes.reduce(into: usual) { $0[$1.key] = $1.value }
      return point != usual && contains(point) ? point : nil
    }
  }

  /// Whether each dimension is a setting of recipes, and each of its values one that a recipe may have.
  /// - Throws: `SearchSpaceError` that says what there is.
  public func check(for recipe: Recipe, hasLayers: Bool = false) throws(SearchSpaceError) {
    if dimensions.isEmpty { throw SearchSpaceError(nil, "the space has no dimension: there is nothing to search") }
    for dimension in dimensions {
      guard let setting = RecipeSetting[dimension.name] else {
        let names = RecipeSetting.all.map(\.name)
        let hint = nearest(to: dimension.name, among: names).map { "; did you mean “\($0)”?" } ?? "."
        throw SearchSpaceError(
          dimension.name, "there is no such setting\(hint) There are \(names.joined(separator: ", "))")
      }
      if hasLayers && setting.isArchitecture {
        throw SearchSpaceError(dimension.name, "the network is declared, and has no such setting; leave it out")
      }
      for value in try Self.extremes(of: dimension, setting) {
        var other = recipe
        if let objection = setting.set(value, &other) { throw SearchSpaceError(dimension.name, objection) }
        if recipe.objection == nil, let objection = other.objection {
          throw SearchSpaceError(dimension.name, objection)
        }
      }
    }
  }

  private static func extremes(
    of dimension: SearchDimension, _ setting: RecipeSetting
  ) throws(SearchSpaceError) -> [SearchValue] {
    switch dimension.domain {
    case .choice(let choices): return choices
    case .range(let range):
      guard setting.form == .number || setting.form == .whole else {
        throw SearchSpaceError(dimension.name, "it is no number: list its values")
      }
      if setting.form == .whole && !range.isWhole {
        throw SearchSpaceError(dimension.name, "it is a whole number: its range is one of whole numbers")
      }
      return [.number(range.low), .number(range.high)]
    }
  }
}
