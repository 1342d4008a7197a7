internal import DownhillCompute
internal import DownhillTables
package import DownhillTabular

/// A row that the model errs most on: a mistake in the data, something that no column tells, or what the model has not learned.
public struct WorstRow: Sendable, Equatable {
  /// The row of the data, from 1, and where a table says so the line of the file that it begins on.
  public let row: Int
  public let line: Int?
  /// The file, where there are several, or of an image.
  public let file: String?
  public let truth: String
  public let prediction: String
  /// Of the right label; of the predicted one. nil: a regression.
  public let probabilityOfTruth: Double?
  public let probability: Double?
  /// y − ŷ; nil: a classification.
  public let residual: Double?
  /// −log p̂ of the right label, or (y − ŷ)².
  public let loss: Double
  /// The row's values, nil where they are missing, in the order that was asked for; none of images.
  public let values: [(column: String, text: String?)]
  /// The pixels of an image.
  public let image: Thumbnail?

  /// Whether the predicted label is the right one.
  public var isRight: Bool { residual == nil && truth == prediction }

  /// One byte a pixel and channel.
  public struct Thumbnail: Sendable, Equatable {
    public let width: Int
    public let height: Int
    /// 1 or 3.
    public let channels: Int
    public let bytes: [UInt8]
  }

  public static func == (a: WorstRow, b: WorstRow) -> Bool {
    a.row == b.row && a.file == b.file && a.loss == b.loss && a.prediction == b.prediction && a.truth == b.truth
      && a.values.elementsEqual(b.values) { $0 == $1 }
  }
}

extension WorstRow {
  /// The rows with the greatest losses, the greatest first.
  static func find(
    _ count: Int, _ judgement: Judgement, _ predictions: Predictions, losses: [Double], columns: [String]
  ) -> [WorstRow] {
    let rows = judgement.rows
    let order = losses.indices.sorted { (losses[$0], $1) > (losses[$1], $0) }.prefix(count)
    let places = if case .table(let table) = judgement.examples.features { table.placesByName } else { [String: Int]() }
    return order.map { place in
      WorstRow(
        judgement.examples, row: Int(rows[place]), predictions, place: place, loss: losses[place],
        columns: columns.compactMap { places[$0] })
    }
  }

  private init(
    _ examples: Examples, row: Int, _ predictions: Predictions, place: Int, loss: Double, columns: [Int]
  ) {
    self.row = row + 1
    self.loss = loss
    truth = examples.target.text(row) ?? ""
    if predictions.labels.isEmpty {
      let value = predictions.values[place]
      prediction = Format.number(value, digits: 5)
      (probability, probabilityOfTruth) = (nil, nil)
      if case .numbers(let numbers) = examples.target.values { residual = numbers[row] - value } else { residual = nil }
    } else {
      prediction = predictions.label(place)
      residual = nil
      func probability(_ label: String) -> Double {
        predictions.labels.firstIndex(of: label).map { Double(predictions.probabilities[place, $0]) } ?? 0
      }
      (self.probability, probabilityOfTruth) = (probability(prediction), probability(truth))
    }
    switch examples.features {
    case .table(let table):
      let found = table.place(ofRow: row)
      (file, line, image) = (found.file, found.line, nil)
      values = columns.map { (table.columns[$0].name, table.columns[$0].text(row)) }
    case .images(let images):
      (file, line, values) = (images.files.isEmpty ? nil : images.files[row], nil, [])
      image = Thumbnail(images, row)
    }
  }
}

extension WorstRow.Thumbnail {
  private static let largest = 256

  /// nil: what are no pictures, or large ones.
  package init?(_ images: Images, _ row: Int) {
    let sides = images.dimensions
    guard sides.count == 2 || sides.count == 3 && [1, 3].contains(sides[2]), sides[0] <= Self.largest,
      sides[1] <= Self.largest
    else { return nil }
    (height, width, channels) = (sides[0], sides[1], sides.count == 3 ? sides[2] : 1)
    bytes = Array(images.pixels(row))
  }
}
