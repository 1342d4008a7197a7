/// An array of numbers of any number of dimensions, the last one fastest, as NumPy saves it.
public struct NumberArray: Sendable, Equatable {
  public let dimensions: [Int]
  public let type: Element
  /// The elements one after the other, least significant byte first.
  let bytes: [UInt8]

  /// What an element is, by NumPy's name.
  public enum Element: String, Sendable, CaseIterable {
    case bool = "b1"
    case int8 = "i1"
    case uint8 = "u1"
    case int16 = "i2"
    case uint16 = "u2"
    case int32 = "i4"
    case uint32 = "u4"
    case int64 = "i8"
    case uint64 = "u8"
    case float32 = "f4"
    case float64 = "f8"

    public var size: Int { rawValue.utf8.last.map { Int($0 - 0x30) } ?? 1 }
  }

  public var count: Int { dimensions.reduce(1, *) }

  /// Some of the elements as doubles, from one on, at equal distances. 64-bit integers beyond 2⁵³ are rounded.
  public func numbers(from first: Int = 0, stride: Int = 1, count: Int) -> [Double] {
    precondition(count >= 0 && first >= 0 && stride > 0 && (count == 0 || first + (count - 1) * stride < self.count))
    return bytes.withUnsafeBytes { bytes in
      func read<Value>(_ type: Value.Type, _ convert: (Value) -> Double) -> [Double] where Value: BitwiseCopyable {
        let size = MemoryLayout<Value>.size
        return (0..<count).map { index in
          convert(bytes.loadUnaligned(fromByteOffset: (first + index * stride) * size, as: type))
        }
      }
      switch type {
      case .bool: return read(UInt8.self) { $0 == 0 ? 0 : 1 }
      case .int8: return read(Int8.self) { Double($0) }
      case .uint8: return read(UInt8.self) { Double($0) }
      case .int16: return read(Int16.self) { Double(Int16(littleEndian: $0)) }
      case .uint16: return read(UInt16.self) { Double(UInt16(littleEndian: $0)) }
      case .int32: return read(Int32.self) { Double(Int32(littleEndian: $0)) }
      case .uint32: return read(UInt32.self) { Double(UInt32(littleEndian: $0)) }
      case .int64: return read(Int64.self) { Double(Int64(littleEndian: $0)) }
      case .uint64: return read(UInt64.self) { Double(UInt64(littleEndian: $0)) }
      case .float32: return read(UInt32.self) { Double(Float(bitPattern: UInt32(littleEndian: $0))) }
      case .float64: return read(UInt64.self) { Double(bitPattern: UInt64(littleEndian: $0)) }
      }
    }
  }

  /// The bytes of an array of `uint8`, nil of others.
  public var uint8: [UInt8]? { type == .uint8 ? bytes : nil }
}
