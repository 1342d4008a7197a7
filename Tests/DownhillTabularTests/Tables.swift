import DownhillTables
import DownhillTabular
import Foundation

/// Penguins of three species, the table that comes with the repository.
func penguins(target: String = "species") throws -> Examples {
  let path = URL(filePath: #filePath).appending(path: "../../../Data/penguins.csv").standardized.path()
  return try Examples(Table(contentsOf: .file(path), target: target), target: target)
}

/// A recipe that takes moments.
func quick(_ recipe: Recipe = .plain) -> Recipe {
  var recipe = recipe
  recipe.layers = [8]
  recipe.epochs = 3
  recipe.validation = 0.2
  return recipe
}
