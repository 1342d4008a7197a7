internal import DownhillCompute
internal import DownhillTables

/// Which of some words each text of a column has. Texts are looked at when they are asked for, and once.
final class WordPlaces: Sendable {
  private let texts: [String]
  private let words: [[UInt8]]
  /// The places of words by their hashes.
  private let places: [UInt64: Int32]
  private let found: Monitor<[[Int32]?]>

  init(of words: [[UInt8]], in texts: [String]) {
    (self.texts, self.words) = (texts, words)
    places = Dictionary(
      zip(words.map { $0.withUnsafeBufferPointer(Self.hash) }, Int32(0)...), uniquingKeysWith: { first, _ in first })
    found = Monitor(Array(repeating: nil, count: texts.count))
  }

  /// The places of the words that a text has, each once.
  subscript(text: Int) -> [Int32] {
    if let known = found.look({ $0[text] }) { return known }
    var result: [Int32] = []
    Words.forEach(in: texts[text]) { word in
      if let place = places[Self.hash(word)], words[Int(place)].elementsEqual(word), !result.contains(place) {
        result.append(place)
      }
    }
    found.with { $0[text] = result }
    return result
  }

  /// Whether it is of these words and of the very texts, not just of equal ones: that is found out at once.
  func isOf(_ words: [[UInt8]], in texts: [String]) -> Bool {
    let same = self.texts.withUnsafeBufferPointer { own in
      texts.withUnsafeBufferPointer { $0.baseAddress == own.baseAddress && $0.count == own.count }
    }
    return same && self.words == words
  }

  /// FNV-1a.
  static func hash(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
    bytes.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
  }
}

/// What was found out about texts, for whoever encodes them again and again.
final class WordMemory {
  private var known: [WordPlaces] = []
  private static let most = 8

  func places(of words: [String], in texts: [String]) -> WordPlaces {
    let bytes = words.map { Array($0.utf8) }
    if let places = known.first(where: { $0.isOf(bytes, in: texts) }) { return places }
    if known.count == Self.most { known.removeFirst() }
    known.append(WordPlaces(of: bytes, in: texts))
    return known.last!
  }
}
