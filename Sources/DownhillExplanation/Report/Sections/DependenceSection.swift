internal import DownhillNetwork
internal import DownhillTabular

/// Partial dependence of the most important columns, side by side.
struct DependenceSection: ReportSection {
  let explanation: Explanation

  var title: String { "How the answer follows the columns" }

  var content: HTML {
    let all = explanation.dependence
    guard let first = all.first else { return "" }
    let isProbability = explanation.model.task == .classification
    let hasSeveral = first.outputs.count > 1
    let edges = all.flatMap { dependence in
      dependence.points.flatMap { point in
        point.responses.flatMap { hasSeveral ? [$0.mean] : [$0.mean, $0.low, $0.high] }
      }
    }
    let target = Wording.short(explanation.model.target, 24)
    let response =
      hasSeveral
      ? "mean probability"
      : isProbability ? "probability of “\(Wording.short(first.outputs[0], 24))”" : "predicted \(target)"
    let figures = all.map {
      DependenceFigure(dependence: $0, response: response, range: edges, isProbability: isProbability).html
    }
    var key: HTML = ""
    if hasSeveral {
      let names = first.outputs.enumerated().map { index, name -> HTML in
        "<span><i style=\"background:\(Plot.colour(index))\"></i>\(Wording.short(name, 30))</span>"
      }
      key = "<p class=\"key\">\(names)</p>\n"
    }
    let spread =
      hasSeveral ? "" : " The band holds the answers of eight rows in ten."
    return """
      <p>The mean answer where all of \(grouped(first.rows)) rows are given one value of a column, everything else staying.\(spread) \
      Marks on the axis part the rows in ten.</p>
      \(key)<div class="grid">\(figures)</div>

      """
  }
}
