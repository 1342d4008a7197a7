/// Residuals of a regression, in three figures.
struct ResidualSection: ReportSection {
  let residuals: Residuals
  let target: String
  let rows: Int

  var title: String { "How far off" }

  var content: HTML {
    "<div class=\"grid\">\(ResidualFigures(residuals: residuals, target: target, rows: rows).html)</div>\n"
  }
}
