internal import DownhillNetwork
internal import DownhillTables
internal import DownhillTabular

/// A setting of recipes that can be searched.
///
/// All of them stand in one table, `RecipeSetting.all`; its names are those of the command's options. A new one takes a line there.
public struct RecipeSetting: Sendable {
  public let name: String
  public let form: Form
  /// Whether it is part of a network that can be declared instead.
  let isArchitecture: Bool
  /// Sets it; what is wrong with a value, nil: nothing.
  let set: @Sendable (SearchValue, inout Recipe) -> String?
  /// What a settled recipe has; nil: nothing that a value stands for.
  let get: @Sendable (Recipe) -> SearchValue?
  /// What is worth searching; nil: it is left as it is, unless a space names it.
  let usual: @Sendable (Circumstances) -> Domain?

  public enum Form: Sendable { case number, whole, word, flag }

  /// What the values worth searching depend on.
  struct Circumstances: Sendable {
    let task: LearningTask
    /// That each network learns from.
    let rows: Int
    /// Settled.
    let recipe: Recipe
  }

  init(
    _ name: String, _ form: Form, isArchitecture: Bool = false,
    get: @escaping @Sendable (Recipe) -> SearchValue?,
    set: @escaping @Sendable (SearchValue, inout Recipe) -> String?,
    usual: @escaping @Sendable (Circumstances) -> Domain? = { _ in nil }
  ) {
    (self.name, self.form, self.isArchitecture) = (name, form, isArchitecture)
    (self.get, self.set, self.usual) = (get, set, usual)
  }
}

// MARK: One a line

extension RecipeSetting {
  typealias Path<Value> = WritableKeyPath<Recipe, Value> & Sendable
  typealias Usual = @Sendable (Circumstances) -> Domain?

  static func number(
    _ name: String, _ path: any Path<Double>, _ usual: @escaping Usual = { _ in nil }
  ) -> RecipeSetting {
    RecipeSetting(
      name, .number, get: { .number($0[keyPath: path]) },
      set: { value, recipe in
        guard let number = value.number else { return "it is a number, not \(value)" }
        recipe[keyPath: path] = number
        return nil
      }, usual: usual)
  }

  /// A number or, where the setting can be none, the word for that.
  static func number(
    _ name: String, _ path: any Path<Double?>, orNone: Bool = false, isArchitecture: Bool = false,
    _ usual: @escaping Usual = { _ in nil }
  ) -> RecipeSetting {
    RecipeSetting(
      name, .number, isArchitecture: isArchitecture,
      get: { $0[keyPath: path].map { .number($0) } ?? (orNone ? "none" : nil) },
      set: { value, recipe in
        guard value.number != nil || orNone && value == "none" else {
          return "it is a number\(orNone ? " or none" : ""), not \(value)"
        }
        recipe[keyPath: path] = value.number
        return nil
      }, usual: usual)
  }

  static func whole(_ name: String, _ path: any Path<Int?>, _ usual: @escaping Usual = { _ in nil }) -> RecipeSetting {
    RecipeSetting(
      name, .whole, get: { $0[keyPath: path].map { .number(Double($0)) } },
      set: { value, recipe in
        guard let whole = value.whole else { return "it is a whole number, not \(value)" }
        recipe[keyPath: path] = whole
        return nil
      }, usual: usual)
  }

  static func flag(
    _ name: String, _ path: any Path<Bool?>, isArchitecture: Bool = false, _ usual: @escaping Usual = { _ in nil }
  ) -> RecipeSetting {
    RecipeSetting(
      name, .flag, isArchitecture: isArchitecture, get: { .flag($0[keyPath: path] ?? false) },
      set: { value, recipe in
        guard let flag = value.flag else { return "it is true or false, not \(value)" }
        recipe[keyPath: path] = flag
        return nil
      }, usual: usual)
  }

  /// One of the words of an enumeration.
  static func word<Words: RawRepresentable<String> & CaseIterable & Sendable>(
    _ name: String, isArchitecture: Bool = false, get: @escaping @Sendable (Recipe) -> Words?,
    set: @escaping @Sendable (Words, inout Recipe) -> Void, _ usual: @escaping Usual = { _ in nil }
  ) -> RecipeSetting {
    RecipeSetting(
      name, .word, isArchitecture: isArchitecture, get: { get($0).map { .text($0.rawValue) } },
      set: { value, recipe in
        guard let word = Words(rawValue: value.description) else {
          let names = Words.allCases.map(\.rawValue)
          let hint = nearest(to: value.description, among: names).map { "; did you mean “\($0)”?" } ?? "."
          return "there is no “\(value)”\(hint) There are \(names.joined(separator: ", "))"
        }
        set(word, &recipe)
        return nil
      }, usual: usual)
  }

  /// A value that is written in words of its own: `periodic(deviation: 0.3)`.
  static func spelled(
    _ name: String, isArchitecture: Bool = false, get: @escaping @Sendable (Recipe) -> String?,
    set: @escaping @Sendable (String, inout Recipe) throws(SpellingError) -> Void,
    _ usual: @escaping Usual = { _ in nil }
  ) -> RecipeSetting {
    RecipeSetting(
      name, .word, isArchitecture: isArchitecture, get: { get($0).map { .text($0) } },
      set: { value, recipe in
        do throws(SpellingError) {
          try set(value.description, &recipe)
          return nil
        } catch { return error.description }
      }, usual: usual)
  }
}

extension Domain {
  static func number(_ low: Double, _ high: Double, _ scale: NumberRange.Scale = .linear) -> Domain {
    .range(NumberRange(low, high, scale: scale))
  }

  static func whole(_ low: Int, _ high: Int, _ scale: NumberRange.Scale = .linear) -> Domain {
    .range(NumberRange(Double(low), Double(high), scale: scale, isWhole: true))
  }

  /// The values, and that which a recipe has, where it is none of them.
  static func choice(_ values: [SearchValue], and own: SearchValue?) -> Domain {
    .choice(values + (own.map { values.contains($0) ? [] : [$0] } ?? []))
  }
}
