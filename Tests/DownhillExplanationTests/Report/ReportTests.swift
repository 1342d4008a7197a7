import DownhillCompute
import DownhillExplanation
import DownhillTables
import DownhillTabular
import Foundation
import Testing

@Suite("Reports") struct ReportTests {
  private static let nasty = "<script>alert('x')</script> & \"quoted\"\u{7}"

  private static func learned(_ examples: Examples, members: Int? = nil, curves: inout LearningCurves) throws -> Learned
  {
    var recipe = Recipe.default
    (recipe.layers, recipe.epochs, recipe.members) = ([4], 3, members ?? 1)
    var found = LearningCurves()
    let learned = try Learner(recipe).prepare(examples).train { found.handle($0) }
    curves = found
    return learned
  }

  /// Names, labels and values that would break a page if they were put in as they are.
  private static func hostileTable() -> Table {
    let numbers = (0..<60).map { Double($0 % 7) }
    return Table(
      [
        Column(name: nasty + "1", kind: .numeric, values: .numbers(numbers)),
        Column(
          name: nasty + "2", kind: .categorical,
          values: .categories(codes: (0..<60).map { Int32($0 % 3) - 1 }, names: ["<b>", nasty])),
        Column(
          name: "</title>", kind: .categorical,
          values: .categories(codes: (0..<60).map { Int32($0 % 2) }, names: ["</svg>", nasty])),
      ], source: "<i>.csv")
  }

  @Test("Texts of the data are escaped wherever they stand")
  func escapes() throws {
    var curves = LearningCurves()
    let learned = try Self.learned(Examples(Self.hostileTable(), target: "</title>"), curves: &curves)
    let explanation = try Explainer().explain(learned.judgement, acquaintance: learned.acquaintance)
    let page = Report(explanation, name: "<u>", curves: curves).html
    for raw in ["<script", "alert('x')", "<b>&", "<i>.csv", "<u>", "\u{7}"] { #expect(!page.contains(raw), "\(raw)") }
    #expect(page.contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp;"))
    #expect(Self.imbalance(of: page) == nil)
  }

  @Test(
    "A page has sections for what there is, is well formed, and needs nothing from elsewhere",
    arguments: ["species", "sex", "body_mass_g"])
  func wellFormed(target: String) throws {
    var curves = LearningCurves()
    let learned = try Self.learned(penguins(target: target), members: 2, curves: &curves)
    #expect(curves.members.count == 2 && curves.members.allSatisfy { $0.count == 3 })
    let explanation = try Explainer().explain(learned.judgement, acquaintance: learned.acquaintance)
    let page = Report(explanation, of: learned.model, name: "m.safetensors", curves: curves).html
    #expect(Self.imbalance(of: page) == nil)
    for reference in ["http:", "https:", "<script", "url(", "@import", "<link rel=\"stylesheet"] {
      #expect(!page.contains(reference), "\(reference)")
    }
    let isRegression = target == "body_mass_g"
    #expect(page.contains("What is taken for what") != isRegression && page.contains("How far off") == isRegression)
    for title in [
      "What the model relies on", "How the answer follows the columns", "Where it is most wrong", "How it learned",
    ] {
      #expect(page.contains(title), "\(title)")
    }
    // Each picture says what it shows to those who can't see it.
    let pictures = page.components(separatedBy: "<svg").dropFirst()
    #expect(pictures.count > 8)
    for picture in pictures {
      #expect(
        picture.contains("aria-hidden=\"true\"") || picture.contains("role=\"img\"><title>"), "\(picture.prefix(80))")
    }
  }

  @Test("A section of one's own stands in contents and page; one without content in neither")
  func ownSections() throws {
    struct Own: ReportSection {
      let title: String
      let content: HTML
    }
    var report = Report(
      title: "t", opening: "<h1>o</h1>", sections: [Own(title: "Full & done", content: "<p>here</p>")])
    report.sections.append(Own(title: "Empty", content: ""))
    #expect(report.html.contains("<a href=\"#s1\">Full &amp; done</a>") && report.html.contains("<p>here</p>"))
    #expect(!report.html.contains("Empty") && Self.imbalance(of: report.html) == nil)
  }

  @Test("A thumbnail is a PNG that libpng reads to the same pixels", arguments: [1, 3])
  func thumbnails(channels: Int) throws {
    // Long enough for several stored blocks.
    let (width, height) = (250, 200)
    let bytes = (0..<width * height * channels * 2).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 / 251) }
    let dimensions = channels == 1 ? [height, width] : [height, width, channels]
    let images = try Images(dimensions: dimensions, bytes: bytes)
    let thumbnail = try #require(WorstRow.Thumbnail(images, 1))
    let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).png")
    defer { try? FileManager.default.removeItem(at: file) }
    try Data(thumbnail.png).write(to: file)
    let read = try ImageFiles([file.path()], fit: ImageFit(channels: channels), source: "test").images
    #expect(read.dimensions == dimensions && Array(read.pixels(0)) == Array(bytes[(bytes.count / 2)...]))
    let prefix = "data:image/png;base64,"
    #expect(thumbnail.dataURL.hasPrefix(prefix))
    #expect(Data(base64Encoded: String(thumbnail.dataURL.dropFirst(prefix.count))) == Data(thumbnail.png))
  }

  /// The first tag that closes nothing or is not closed; nil: there is none.
  static func imbalance(of page: String) -> String? {
    let void: Set<Substring> = ["meta", "link", "br", "img", "!DOCTYPE"]
    var open: [Substring] = []
    for piece in page.split(separator: "<", omittingEmptySubsequences: false).dropFirst() {
      guard let end = piece.firstIndex(of: ">") else { return "<\(piece.prefix(60))" }
      let tag = piece[..<end]
      let name = tag.drop { $0 == "/" }.prefix { !$0.isWhitespace && $0 != "/" }
      if void.contains(name) || tag.hasSuffix("/") { continue }
      if tag.hasPrefix("/") {
        guard open.popLast() == name else { return "<\(tag)>" }
      } else {
        open.append(name)
      }
    }
    return open.last.map { "<\($0)> is open" }
  }
}
