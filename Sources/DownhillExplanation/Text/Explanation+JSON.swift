public import DownhillFiles
internal import DownhillTables
internal import DownhillTabular
internal import DownhillTraining

extension Explanation {
  /// Everything, as one JSON object. Moments are texts; what is missing is null.
  public var json: JSONValue {
    let members: [(String, JSONValue?)] = [
      ("task", .string(model.task.rawValue)), ("target", .string(model.target)), ("source", .string(source)),
      ("rows", JSONValue(rows)), ("relation", .string(acquaintance.rawValue)),
      ("warning", acquaintance.warning.map { .string($0) }), ("seed", JSONValue(seed)),
      ("metrics", .object(JSONObject(scores.map { ($0.name, $0.json) }))),
      ("unknownLabels", evaluation.unknownLabels > 0 ? JSONValue(evaluation.unknownLabels) : nil),
      (
        "unseen",
        evaluation.unseen.isEmpty ? nil : .object(JSONObject(evaluation.unseen.map { ($0.column, JSONValue($0.rows)) }))
      ),
      ("importance", importance?.json), ("partialDependence", .array(dependence.map(\.json))),
      ("confusion", confusion?.json), ("calibration", calibration?.json), ("residuals", residuals?.json),
      ("worstRows", .array(worst.map(\.json))), ("columns", .array(columns.map(\.json))),
    ]
    return .object(JSONObject(members.compactMap { name, value in value.map { (name, $0) } }))
  }
}

extension Interval {
  fileprivate var json: JSONValue { .array([JSONValue(lower), JSONValue(upper)]) }
}

extension Score {
  fileprivate var json: JSONValue {
    .object(JSONObject([("value", JSONValue(value))] + (interval.map { [("interval", $0.json)] } ?? [])))
  }
}

extension Estimate {
  fileprivate var json: JSONValue {
    .object(
      JSONObject(
        [("mean", JSONValue(mean)), ("deviation", JSONValue(deviation))]
          + (interval.map { [("interval", $0.json)] } ?? [])))
  }
}

extension PermutationImportance {
  fileprivate var json: JSONValue {
    .object(
      JSONObject([
        ("rows", JSONValue(rows)), ("repeats", JSONValue(repeats)), (lossName, JSONValue(loss)),
        (metricName, JSONValue(metric)),
        (
          "columns",
          .array(
            columns.map { column in
              .object(
                JSONObject([
                  ("column", .string(column.name)), (lossName + "Rise", column.loss.json),
                  (metricName + (metricName == "rmse" ? "Rise" : "Fall"), column.metric.json),
                ]))
            })
        ),
      ]))
  }
}

extension PartialDependence {
  fileprivate var json: JSONValue {
    let isDate = kind == .date
    return .object(
      JSONObject([
        ("column", .string(column)), ("kind", .string(kind.rawValue)), ("rows", JSONValue(rows)),
        ("outputs", .array(outputs.map { .string($0) })),
        ("deciles", .array(deciles.map { isDate ? .string(dateText($0)) : JSONValue($0) })),
        ("points", .array(points.map(\.json))),
      ]))
  }
}

extension PartialDependence.Point {
  fileprivate var json: JSONValue {
    let value: JSONValue =
      switch self.value {
      case .number(let number): JSONValue(number)
      case .moment(let seconds): .string(dateText(seconds))
      case .category(let name): .string(name)
      case .missing: .null
      }
    func list(_ part: (PartialDependence.Response) -> Double) -> JSONValue {
      .array(responses.map { JSONValue(part($0)) })
    }
    return .object(
      JSONObject(
        [("value", value)] + (share.map { [("share", JSONValue($0))] } ?? [])
          + [("mean", list(\.mean)), ("p10", list(\.low)), ("p90", list(\.high))]))
  }
}

extension Confusion {
  /// Of thousands of classes the matrix would be all zeros, and too large.
  private static let mostOfMatrix = 200

  fileprivate var json: JSONValue {
    func share(_ value: Double?) -> JSONValue { value.map { JSONValue($0) } ?? .null }
    var members: [(String, JSONValue)] = [("labels", .array(labels.map { .string($0) }))]
    if labels.count <= Self.mostOfMatrix {
      let counts = matrix.counts
      members.append(
        (
          "matrix",
          .array(
            labels.indices.map { row in
              .array(counts[row * labels.count..<(row + 1) * labels.count].map { JSONValue($0) })
            })
        ))
    }
    members += [
      (
        "classes",
        .array(
          classes.map {
            .object(
              JSONObject([
                ("label", .string($0.label)), ("rows", JSONValue($0.rows)), ("precision", share($0.precision)),
                ("recall", share($0.recall)), ("f1", share($0.f1)),
              ]))
          })
      ),
      (
        "mistakes",
        .array(
          mistakes.map {
            .object(
              JSONObject([
                ("true", .string($0.truth)), ("predicted", .string($0.predicted)), ("rows", JSONValue($0.rows)),
              ]))
          })
      ),
    ]
    return .object(JSONObject(members))
  }
}

extension Calibration {
  fileprivate var json: JSONValue {
    .object(
      JSONObject([
        ("of", label.map { .string($0) } ?? .null), ("expectedCalibrationError", JSONValue(expectedError)),
        ("expectedByChance", JSONValue(chanceError)),
        ("maximumCalibrationError", JSONValue(largestError)), ("brierScore", JSONValue(brier)),
        (
          "bins",
          .array(
            bins.map { bin in
              .object(
                JSONObject([
                  ("lower", JSONValue(bin.lower)), ("upper", JSONValue(bin.upper)), ("rows", JSONValue(bin.rows)),
                  ("meanProbability", JSONValue(bin.meanProbability)), ("share", JSONValue(bin.share)),
                  ("interval", bin.interval.json),
                ]))
            })
        ),
      ]))
  }
}

extension Histogram {
  fileprivate var json: JSONValue {
    .object(
      JSONObject([
        ("lower", JSONValue(lower)), ("upper", JSONValue(upper)), ("counts", .array(counts.map { JSONValue($0) })),
      ]))
  }
}

extension Residuals {
  fileprivate var json: JSONValue {
    .object(
      JSONObject([
        ("mean", JSONValue(mean)),
        (
          "quantiles",
          .array(
            zip(Self.shares, quantiles).map {
              .object(JSONObject([("share", JSONValue($0)), ("residual", JSONValue($1))]))
            })
        ), ("histogram", histogram.json),
        (
          "byPrediction",
          .array(
            bands.map {
              .object(
                JSONObject([
                  ("rows", JSONValue($0.rows)), ("meanPrediction", JSONValue($0.meanPrediction)),
                  ("meanResidual", JSONValue($0.meanResidual)), ("p10", JSONValue($0.low)), ("p90", JSONValue($0.high)),
                ]))
            })
        ),
        (
          "points",
          .array(points.map { .array([JSONValue($0.prediction), JSONValue($0.truth)]) })
        ),
      ]))
  }
}

extension WorstRow {
  fileprivate var json: JSONValue {
    let members: [(String, JSONValue?)] = [
      ("row", JSONValue(row)), ("line", line.map { JSONValue($0) }), ("file", file.map { .string($0) }),
      ("true", .string(truth)), ("predicted", .string(prediction)), ("probability", probability.map { JSONValue($0) }),
      ("probabilityOfTrue", probabilityOfTruth.map { JSONValue($0) }), ("residual", residual.map { JSONValue($0) }),
      ("loss", JSONValue(loss)),
      (
        "values",
        values.isEmpty
          ? nil : .object(JSONObject(values.map { ($0.column, $0.text.map { .string($0) } ?? .null) }))
      ),
    ]
    return .object(JSONObject(members.compactMap { name, value in value.map { (name, $0) } }))
  }
}

extension ColumnSummary {
  fileprivate var json: JSONValue {
    var members: [(String, JSONValue)] = [
      ("column", .string(name)), ("kind", .string(kind.rawValue)), ("missing", JSONValue(missing)),
    ]
    func value(_ number: Double) -> JSONValue { kind == .date ? .string(dateText(number)) : JSONValue(number) }
    switch content {
    case .numbers(let least, let median, let greatest, let histogram):
      members += [
        ("least", value(least)), ("median", value(median)), ("greatest", value(greatest)),
        ("histogram", histogram.json),
      ]
    case .categories(let count, let names):
      members += [
        ("categories", JSONValue(count)),
        ("mostFrequent", .object(JSONObject(names.map { ($0.name, JSONValue($0.share)) }))),
      ]
    case .empty: break
    }
    return .object(JSONObject(members))
  }
}
