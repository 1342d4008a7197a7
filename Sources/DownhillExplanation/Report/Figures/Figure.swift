/// A picture with what it shows in words, and the numbers behind it.
struct Figure {
  /// What it is of.
  let title: String
  /// How to read it.
  var caption = ""
  /// What colours mean.
  var key: HTML = ""
  /// For whoever can't see it: what there is to see.
  let description: String
  var width = 360.0
  var height = 236.0
  let drawing: HTML
  var table: HTMLTable?

  var html: HTML {
    let caption: HTML = caption.isEmpty ? "" : "\(self.caption)"
    return """
      <figure><figcaption><b>\(title)</b>\(caption)\(key)</figcaption>
      <svg viewBox="0 0 \(width) \(height)" role="img"><title>\(title)</title><desc>\(description)</desc>
      \(drawing)</svg>
      \(table?.folded() ?? "")</figure>

      """
  }
}
