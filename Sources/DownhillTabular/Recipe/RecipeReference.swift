/// A recipe by its name, and by the version of what the name stands for: `default`, `default@1`.
public struct RecipeReference: Sendable, Equatable, CustomStringConvertible {
  public let name: Recipe.Name
  /// From 1 to `latest`.
  public let version: Int

  /// - Parameter version: nil: the latest.
  public init(_ name: Recipe.Name, version: Int? = nil) {
    self.name = name
    self.version = version ?? Self.latest(of: name)
  }

  /// nil: there is no such recipe.
  public init?(_ text: String) {
    let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
    guard let name = Recipe.Name(rawValue: String(parts[0])) else { return nil }
    guard parts.count == 2 else {
      self.init(name)
      return
    }
    guard let version = Int(parts[1]), Self.earliest(of: name)...Self.latest(of: name) ~= version else { return nil }
    self.init(name, version: version)
  }

  private static func latest(of name: Recipe.Name) -> Int { name == .plain ? 1 : Recipe.latestVersion }
  private static func earliest(of name: Recipe.Name) -> Int { name == .plain || name == .default ? 1 : 2 }

  public var description: String { name == .plain ? name.rawValue : "\(name.rawValue)@\(version)" }

  /// The recipe, with nothing settled.
  public var recipe: Recipe {
    var recipe = Recipe(name)
    if name != .plain { recipe.version = version == 1 ? nil : version }
    return recipe
  }
}
