/// The words of texts: letters and digits that stand together, in small letters.
package enum Words {
  /// The words of a text in their order, each as often as it stands there.
  package static func of(_ text: String) -> [String] {
    var words: [String] = []
    forEach(in: text) { words.append(String(decoding: $0, as: UTF8.self)) }
    return words
  }

  /// Calls `body` with the bytes of each word, in UTF-8.
  package static func forEach(in text: String, _ body: (UnsafeBufferPointer<UInt8>) -> Void) {
    var word: [UInt8] = []
    func end() {
      if !word.isEmpty { word.withUnsafeBufferPointer(body) }
      word.removeAll(keepingCapacity: true)
    }
    func take(_ byte: UInt8) {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): word.append(byte)
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): word.append(byte | 0x20)
      default: end()
      }
    }
    var text = text
    let isASCII = text.withUTF8 { bytes in
      guard bytes.allSatisfy({ $0 < 0x80 }) else { return false }
      for byte in bytes { take(byte) }
      return true
    }
    if !isASCII {
      for scalar in text.lowercased().unicodeScalars {
        if scalar.isASCII {
          take(UInt8(scalar.value))
        } else if isOfWord(scalar) {
          word += UTF8.encode(scalar)!
        } else {
          end()
        }
      }
    }
    end()
  }

  private static func isOfWord(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: true
    case .decimalNumber, .letterNumber, .otherNumber, .nonspacingMark, .spacingMark: true
    default: false
    }
  }

  // MARK: What texts are

  /// So many texts are enough to tell by.
  private static let mostLooked = 1_000
  /// A word that may mean something stands in this share of the texts, and in a few of them,
  private static let leastShare = 0.01
  private static let leastTexts = 3
  /// but not in nearly all.
  private static let mostShare = 0.9
  /// So many of them make texts,
  private static let fewestWords = 5
  /// if a text has so many on average.
  private static let fewestInEach = 0.5

  /// Whether texts share words, as names, titles and descriptions do and keys don't.
  package static func areShared(by texts: [String]) -> Bool {
    let step = max(1, texts.count / mostLooked)
    let looked = stride(from: 0, to: texts.count, by: step).map { Set(of(texts[$0])) }
    var counts: [String: Int] = [:]
    for words in looked { for word in words where word.contains(where: \.isLetter) { counts[word, default: 0] += 1 } }
    let least = max(Double(leastTexts), leastShare * Double(looked.count)), most = mostShare * Double(looked.count)
    let shared = counts.values.filter { Double($0) >= least && Double($0) <= most }
    return shared.count >= fewestWords && Double(shared.reduce(0, +)) >= fewestInEach * Double(looked.count)
  }
}
