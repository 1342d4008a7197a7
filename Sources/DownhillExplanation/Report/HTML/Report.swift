/// A part of a report: what it is called, what it shows. Sections stand in an array, so that anyone can add another.
public protocol ReportSection: Sendable {
  /// A few words, which stand in the list of contents too.
  var title: String { get }
  /// What stands below the title; empty: the section is left out.
  var content: HTML { get }
}

/// One page that holds all that it needs: no scripts, no fonts or pictures from elsewhere. It follows the reader's choice of light
/// or dark, and reads on paper.
public struct Report: Sendable {
  /// What the browser's tab says.
  public var title: String
  /// What stands above everything, before the contents.
  public var opening: HTML
  public var sections: [any ReportSection]
  /// A line at the end; empty: there is none.
  public var closing: HTML = ""

  public init(title: String, opening: HTML, sections: [any ReportSection]) {
    (self.title, self.opening, self.sections) = (title, opening, sections)
  }

  /// The page.
  public var html: String {
    let filled = sections.map { ($0.title, $0.content) }.filter { !$0.1.source.isEmpty }
    let contents = filled.enumerated().map { index, section -> HTML in
      "<li><a href=\"#s\(index + 1)\">\(section.0)</a></li>"
    }
    let body = filled.enumerated().map { index, section -> HTML in
      "<section id=\"s\(index + 1)\" aria-labelledby=\"h\(index + 1)\">\n<h2 id=\"h\(index + 1)\">\(section.0)</h2>\n\(section.1)</section>\n"
    }
    let footer: HTML = closing.source.isEmpty ? "" : "<footer>\(closing)</footer>\n"
    let page: HTML = """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <meta name="generator" content="Downhill">
      <title>\(title)</title>
      <link rel="icon" href="data:,">
      <style>\(Stylesheet.css)</style>
      </head>
      <body>
      <main>
      <header>\(opening)</header>
      <nav aria-label="Contents"><ol>\(contents)</ol></nav>
      \(body)\(footer)</main>
      </body>
      </html>

      """
    return page.source
  }
}
