import DownhillTables
import DownhillTabular
import Foundation

/// The root of the package.
let package = URL(filePath: #filePath).appending(path: "../../..").standardized

/// Penguins of three species, the table that comes with the repository.
func penguins(target: String = "species") throws -> Examples {
  let path = package.appending(path: "Data/penguins.csv").path()
  return try Examples(Table(contentsOf: .file(path), target: target), target: target)
}
