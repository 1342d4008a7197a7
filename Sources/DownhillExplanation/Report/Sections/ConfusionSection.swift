internal import DownhillNetwork
internal import DownhillTraining

/// Which classes are taken for which, and how each fares.
struct ConfusionSection: ReportSection {
  let confusion: Confusion

  var title: String { "What is taken for what" }

  /// Of more classes no matrix can be read.
  private static let mostClasses = 12
  private static let mostOfTable = 40

  var content: HTML {
    var result = HTML()
    if let worst = confusion.mistakes.first {
      result +=
        "<p>The most frequent mistake: “\(worst.truth)” taken for “\(worst.predicted)”, in \(grouped(worst.rows)) \(worst.rows == 1 ? "row" : "rows").</p>\n"
    } else {
      result += "<p>There is no mistake among these rows.</p>\n"
    }
    result += confusion.labels.count <= Self.mostClasses ? matrix : mistakes
    return result
      + (confusion.labels.count <= Self.mostClasses
        ? classes.folded("Precision and recall of each class") : classes.html)
  }

  private var matrix: HTML {
    let head = confusion.labels.map { "<th scope=\"col\">\(Wording.short($0, 24))</th>" as HTML }
    let rows = confusion.labels.indices.map { truth -> HTML in
      let total = confusion.matrix.occurrences(truth)
      let cells = confusion.labels.indices.map { predicted -> HTML in
        let count = confusion.matrix[truth, predicted]
        if count == 0 { return "<td class=\"quiet\">0</td>" }
        let kind: HTML = truth == predicted ? "right" : "wrong"
        return "<td class=\"\(kind)\" style=\"--p:\(count / total)\">\(grouped(Int(count)))</td>"
      }
      return "<tr><th scope=\"row\">\(Wording.short(confusion.labels[truth], 30))</th>\(cells)</tr>\n"
    }
    return """
      <p class="by">A line for each true label, a column for each predicted one. The shade is the share of the line.</p>
      <div class="scroll"><table class="matrix" aria-label="Confusion matrix"><thead><tr><td></td>\(head)</tr></thead>
      <tbody>\(rows)</tbody></table></div>

      """
  }

  private var mistakes: HTML {
    HTMLTable(
      columns: [.init("true", isNumber: false), .init("predicted", isNumber: false), .init("rows")],
      rows: confusion.mistakes.map { ["\($0.truth)", "\($0.predicted)", "\(grouped($0.rows))"] },
      caption: "The most frequent mistakes."
    ).html
  }

  private var classes: HTMLTable {
    // Of very many classes those that fare worst.
    var shown = confusion.classes
    if shown.count > Self.mostOfTable {
      shown = Array(shown.filter { $0.rows > 0 }.sorted { ($0.f1 ?? 0) < ($1.f1 ?? 0) }.prefix(Self.mostOfTable))
    }
    func share(_ value: Double?) -> HTML { value.map { "\(Wording.percent($0, decimals: 1))" } ?? "–" }
    return HTMLTable(
      columns: [
        .init("class", isNumber: false), .init("rows"), .init("precision"), .init("recall"), .init("F₁"),
      ],
      rows: shown.map { row in
        ["\(row.label)", "\(grouped(row.rows))", share(row.precision), share(row.recall), share(row.f1)]
      },
      caption:
        "Precision: of the rows taken for a class the share that is of it. Recall: of its rows the share that is found."
    )
  }
}
