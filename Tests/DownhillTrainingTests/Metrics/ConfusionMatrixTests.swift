import DownhillTraining
import Foundation
import Testing

@Suite("Confusion matrices")
struct ConfusionMatrixTests {
  private let matrix = ConfusionMatrix(classes: 3, truth: [0, 0, 1, 2, 2, 2], predicted: [0, 1, 1, 0, 2, 2])

  @Test("rows are true classes, columns predicted ones")
  func counts() {
    #expect(matrix.counts == [1, 1, 0, 0, 1, 0, 1, 0, 2])
    #expect(matrix[2, 0] == 1 && matrix[0, 2] == 0)
    #expect(matrix.occurrences(2) == 3 && matrix.predictions(2) == 2 && matrix.total == 6)
  }

  @Test("print as a table with labels")
  func table() {
    #expect(
      matrix.table(labels: ["Adelie", "é", "Chinstrap penguin on ice"]) == """
              true ↓ predicted →  Adelie  é  Chinstrap penguin on ice
                          Adelie       1  1                         0
                               é       0  1                         0
        Chinstrap penguin on ice       1  0                         2
        """)
    let weighted = ConfusionMatrix(classes: 1, truth: [0, 0], predicted: [0, 0], weights: [1, 0.05])
    #expect(
      weighted.description == """
        true ↓ predicted →     0
                         0  1.05
        """)
  }

  @Test("of many classes only what occurs takes memory")
  func manyClasses() {
    let count = 1_000_000
    let matrix = ConfusionMatrix(
      classes: count, truth: [0, 999_999, 999_999, 5], predicted: [0, 999_999, 7, 5], weights: [1, 2, 1, 4])
    #expect(matrix[999_999, 7] == 1 && matrix[999_999, 999_999] == 2 && matrix[7, 999_999] == 0)
    #expect(matrix.occurrences(999_999) == 3 && matrix.predictions(7) == 1 && matrix.total == 8)
    // F₁ is 1, 4/5 and 1 for those that occur, and 0 for the one that is only predicted.
    #expect(matrix.accuracy == 7.0 / 8 && abs(matrix.macroF1 - 0.7) < 1e-12)
  }

  @Test(
    "a coded matrix of another size is refused",
    arguments: [
      #"{"classes":2,"counts":[1,2,3]}"#, #"{"classes":-1,"counts":[1]}"#,
      #"{"classes":9223372036854775807,"counts":[1]}"#,
    ])
  func refused(text: String) {
    #expect(throws: DecodingError.self) { try JSONDecoder().decode(ConfusionMatrix.self, from: Data(text.utf8)) }
  }
}
