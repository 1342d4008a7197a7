import CKernels
import DownhillCompute
import Testing

@Suite("Loops from columns to matrices") struct EncodingTests {
  /// By scalar arithmetic with the square root and the quotient of double.
  private func reference(_ x: Double, offset: Double, scale: Double, clips: Bool) -> Double {
    if scale == 0 { return 0 }
    let difference = x - offset
    let exact = difference.isFinite ? difference * scale : x * scale - offset * scale
    let z = min(max(exact, -0x1p64), 0x1p64)
    return clips ? z / (1 + (z / 3) * (z / 3)).squareRoot() : z
  }

  /// Numbers of all sizes, some of them missing.
  private func numbers(_ count: Int) -> [Double] {
    var random = RandomStream(seed: 3, purpose: .check)
    let extremes = [0, -0.0, .nan, .infinity, -.infinity, .greatestFiniteMagnitude, .leastNonzeroMagnitude, -1e300]
    return (0..<count).map { index in
      index % 9 == 4 ? extremes[index / 9 % extremes.count] : random.normal() * (index % 5 == 0 ? 1e6 : 1)
    }
  }

  @Test(
    "scaled numbers are the exact ones rounded, whichever rows they are of", arguments: Compilation.available,
    [false, true])
  func scalesNumbers(compilation: Compilation, clips: Bool) {
    let x = numbers(300)
    let scalings: [(Double, Double)] = [(0.25, 1.7), (1e300, 1e-300), (-1e308, 1e-308), (3, 0), (0, 1), (5, 1e200)]
    for (offset, scale) in scalings {
      var scaling = dh_scaling(offset: offset, scale: scale, clips: clips ? 1 : 0, filling: 7)
      for count in [1, 2, 15, 16, 17, 64, 300] {
        let rows = (0..<count).map { Int32(($0 * 7) % 300) }
        for isGathered in [false, true] {
          var y = [Float](repeating: -9, count: count + 1), marks = y
          compilation.kernels.scale_numbers(&scaling, x, isGathered ? rows : nil, &y, &marks, count)
          for index in 0..<count {
            let number = x[isGathered ? Int(rows[index]) : index]
            let expected = reference(number, offset: offset, scale: scale, clips: clips)
            #expect(marks[index] == (number.isNaN ? 1 : 0))
            if number.isNaN {
              #expect(y[index] == 7)
            } else {
              // Correct but where the exact number is within a millionth of the middle between two floats.
              let error = abs(Double(y[index]) - expected), unit = Double(Float(expected).ulp)
              #expect(error <= 0.500_001 * unit, "\(number): \(y[index]) for \(expected)")
            }
          }
          #expect(y[count] == -9 && marks[count] == -9, "wrote beyond its end")
        }
      }
    }
  }

  @Test("scaled numbers have the same bits by every instruction set", arguments: [false, true])
  func isTheSameEverywhere(clips: Bool) {
    let x = numbers(1_000)
    var scaling = dh_scaling(offset: 0.3, scale: 0.77, clips: clips ? 1 : 0, filling: 0)
    let found = Compilation.available.map { compilation in
      var y = [Float](repeating: 0, count: x.count)
      compilation.kernels.scale_numbers(&scaling, x, nil, &y, nil, x.count)
      return y.bits
    }
    #expect(found.allSatisfy { $0 == found[0] })
  }

  @Test("bytes are scaled as numbers are", arguments: Compilation.available, [false, true])
  func scalesBytes(compilation: Compilation, clips: Bool) {
    let x = (0..<256).map { UInt8($0) }
    let offsets = x.map { Double($0) / 3 }, scales = x.map { $0 % 5 == 0 ? 0 : 1 / (1 + Double($0)) }
    for count in [1, 7, 16, 33, 256] {
      var y = [Float](repeating: -9, count: count + 1)
      compilation.kernels.scale_bytes(x, offsets, scales, clips ? 1 : 0, &y, count)
      for index in 0..<count {
        var expected: Float = 0
        var scaling = dh_scaling(offset: offsets[index], scale: scales[index], clips: clips ? 1 : 0, filling: 0)
        compilation.kernels.scale_numbers(&scaling, [Double(x[index])], nil, &expected, nil, 1)
        #expect(y[index] == expected)
      }
      #expect(y[count] == -9, "wrote beyond its end")
    }
  }

  @Test("codes become their values, and ones at their places", arguments: Compilation.available, [false, true])
  func looksUpCodes(compilation: Compilation, isGathered: Bool) {
    let codes = (0..<200).map { Int32($0 * 13 % 5) - 1 }
    let rows = (0..<90).map { Int32($0 * 31 % 200) }
    let values: [Float] = [9, 1, 2, 3, 4]
    // Of the missing code, then of four names: one has none, and one is unknown.
    let places: [Int32] = [3, 0, -1, Int32(dh_unknown_place), 2]
    var y = [Float](repeating: 0, count: 90), ones = [Float](repeating: 0, count: 90 * 4)
    compilation.kernels.look_up(codes, isGathered ? rows : nil, values, &y, 90)
    let unknown = compilation.kernels.mark_places(codes, isGathered ? rows : nil, places, &ones, 4, 90)
    var expectedUnknown = 0
    for index in 0..<90 {
      let code = Int(codes[isGathered ? Int(rows[index]) : index])
      #expect(y[index] == values[code + 1])
      #expect((0..<4).allSatisfy { ones[4 * index + $0] == ($0 == Int(places[code + 1]) ? 1 : 0) })
      expectedUnknown += code == 2 ? 1 : 0
    }
    #expect(unknown == expectedUnknown)
  }
}
