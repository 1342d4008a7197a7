import Downhill

/// What boosted trees come to beside the network, on the same rows.
struct TreesSection: ReportSection {
  let comparison: TreeComparison

  var title: String { "Would trees do better?" }

  var content: HTML {
    let trees = Dictionary(comparison.trees.values.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
    let rows = comparison.network.values.compactMap { name, value -> HTML? in
      trees[name].map { its in
        "<tr><th scope=\"row\">\(Evaluation.word(name))</th><td class=\"n\">\(Format.number(value))</td><td class=\"n\">\(Format.number(its))</td></tr>\n"
      }
    }
    let kind: HTML = comparison.favoursTrees ? "<p class=\"note\">" : "<p>"
    return """
      \(kind)\(comparison.verdict)</p>
      <div class="scroll"><table><thead><tr><th scope="col">on \(grouped(comparison.rows)) rows</th>\
      <th scope="col" class="n">network</th><th scope="col" class="n">trees</th></tr></thead>
      <tbody>\(rows)</tbody></table></div>
      <p class="by">\(comparison.making) The interval is what 95 of 100 samples of rows like these would lie in.</p>

      """
  }
}

extension Report {
  /// Puts what trees come to before the data and the recipe, or first, where they are favoured.
  mutating func insert(_ trees: TreesSection) {
    sections.insert(trees, at: trees.comparison.favoursTrees ? 0 : max(0, sections.count - 2))
  }
}
