import CKernels
import DownhillCompute
import Testing

/// Convolutions and pooling in every compilation against their formulas in Double.
@Suite struct ImageTests {
  /// images, height, width, channels, out channels, kernel height and width, strides, padding before and behind on both axes, groups
  static let geometries: [Geometry] = [
    Geometry(2, 5, 6, 1, 3, kernel: (3, 3), padding: (1, 1)),
    Geometry(3, 28, 27, 1, 32, kernel: (5, 5), padding: (2, 2)),
    Geometry(2, 7, 15, 3, 16, kernel: (3, 2)), Geometry(2, 6, 14, 32, 64, kernel: (3, 3), padding: (1, 1)),
    Geometry(2, 4, 13, 9, 37, kernel: (2, 3), padding: (1, 0)),
    Geometry(1, 9, 8, 18, 5, kernel: (3, 3), stride: (2, 2), padding: (1, 1)),
    Geometry(2, 8, 9, 2, 7, kernel: (2, 2), stride: (3, 4)), Geometry(2, 3, 3, 4, 4, kernel: (1, 1), stride: (2, 1)),
    Geometry(2, 3, 4, 2, 4, kernel: (3, 3), padding: (4, 5)),
    Geometry(2, 6, 5, 6, 9, kernel: (3, 3), padding: (1, 1), groups: 3),
    Geometry(2, 6, 7, 20, 20, kernel: (3, 3), stride: (1, 2), padding: (1, 1), groups: 20),
    Geometry(1, 1, 1, 1, 1, kernel: (1, 1)),
  ]

  @Test("Convolutions agree with their formula", arguments: Compilation.available, geometries.indices)
  func convolution(compilation: Compilation, index: Int) {
    let g = Self.geometries[index]
    let x = g.randomInputs(seed: 1), dy = g.randomOutputs(seed: 2)
    let weights = floats(g.depth * g.windows.out_channels, seed: 3), bias = floats(g.windows.out_channels, seed: 4)
    var y = [Double](repeating: 0, count: dy.count), dx = [Double](repeating: 0, count: x.count)
    var dw = [Double](repeating: 0, count: weights.count)
    g.forEachPair { input, output, weight in
      y[output] += Double(x[input]) * Double(weights[weight])
      dx[input] += Double(dy[output]) * Double(weights[weight])
      dw[weight] += Double(x[input]) * Double(dy[output])
    }
    for output in y.indices { y[output] += Double(bias[output % bias.count]) }

    var windows = g.windows
    var found = [Float](repeating: .nan, count: y.count), rectified = found
    var foundInput = [Float](repeating: .nan, count: x.count), foundWeights = [Float](repeating: .nan, count: dw.count)
    let (from, to) = (g.inputCount, g.outputCount)
    withImageScratch { scratch in
      compilation.kernels.convolve(&windows, x, from, weights, bias, 0, &found, to, scratch)
      compilation.kernels.convolve(&windows, x, from, weights, bias, 1, &rectified, to, scratch)
      compilation.kernels.convolve_back(&windows, dy, to, weights, &foundInput, from, scratch)
      compilation.kernels.convolution_gradient(&windows, x, from, dy, to, &foundWeights, scratch)
    }
    expectClose(found, y, "output")
    expectClose(rectified, y.map { max($0, 0) }, "rectified output")
    expectClose(foundInput, dx, "input derivative")
    expectClose(foundWeights, dw, "weight derivative")
  }

  @Test("Pooling agrees with its formula", arguments: Compilation.available, [(1, 2), (2, 2), (3, 2), (3, 1), (2, 3)])
  func pooling(compilation: Compilation, sizes: (kernel: Int, stride: Int)) {
    for (channels, before) in [(3, 0), (16, sizes.kernel / 2), (37, sizes.kernel - 1)] {
      let (kernel, stride) = sizes
      let g = Geometry(
        2, 7, 9, channels, channels, kernel: (kernel, kernel), stride: (stride, stride), padding: (before, 0),
        groups: channels)
      let x = g.randomInputs(seed: 5), dy = g.randomOutputs(seed: 6)
      var largest = [Double](repeating: -.infinity, count: dy.count), holder = [Int](repeating: 0, count: dy.count)
      var sums = [Double](repeating: 0, count: dy.count), cells = sums
      g.forEachPair { input, output, _ in
        if Double(x[input]) > largest[output] { (largest[output], holder[output]) = (Double(x[input]), input) }
        sums[output] += Double(x[input])
        cells[output] += 1
      }
      var maximumBack = [Double](repeating: 0, count: x.count), meanBack = maximumBack
      for output in dy.indices { maximumBack[holder[output]] += Double(dy[output]) }
      g.forEachPair { input, output, _ in meanBack[input] += Double(dy[output]) / cells[output] }

      var windows = g.windows
      var y = [Float](repeating: .nan, count: dy.count), taken = y, alone = y
      var dx = [Float](repeating: .nan, count: x.count)
      let (from, to) = (g.inputCount, g.outputCount)
      compilation.kernels.max_pool(&windows, x, from, &y, to, &taken, to)
      compilation.kernels.max_pool(&windows, x, from, &alone, to, nil, 0)
      #expect(y.map { Double($0) } == largest && alone == y)
      compilation.kernels.max_pool_back(&windows, dy, to, taken, to, &dx, from)
      expectClose(dx, maximumBack, "derivative of the largest")

      compilation.kernels.average_pool(&windows, 0, x, from, &y, to)
      expectClose(y, zip(sums, cells).map { $0 / $1 }, "means")
      compilation.kernels.average_pool(&windows, 1, x, from, &y, to)
      expectClose(y, sums.map { $0 / Double(kernel * kernel) }, "means with the border")
      compilation.kernels.average_pool_back(&windows, 0, dy, to, &dx, from)
      expectClose(dx, meanBack, "derivative of the means")
    }
  }

  @Test("What is not a number stays one in a maximum", arguments: Compilation.available)
  func maximumOfNotANumber(compilation: Compilation) {
    let g = Geometry(1, 2, 2, 1, 1, kernel: (2, 2))
    for place in 0..<4 {
      var x: [Float] = [1, 2, 3, 4]
      x[place] = .nan
      var windows = g.windows, y: Float = 0
      compilation.kernels.max_pool(&windows, x, 4, &y, 1, nil, 0)
      #expect(y.isNaN)
    }
  }

  private func expectClose(_ found: [Float], _ exact: [Double], _ what: String) {
    let largest = exact.map { abs($0) }.max()!
    for (a, b) in zip(found, exact) where !(abs(Double(a) - b) <= 2e-6 * largest) {
      Issue.record("\(what): \(a), not \(b)")
      return
    }
  }
}

private func floats(_ count: Int, seed: UInt64) -> [Float] {
  var random = RandomStream(seed: seed, purpose: .check)
  return (0..<count).map { _ in random.element() }
}

private func withImageScratch(_ body: (UnsafeMutablePointer<Float>) -> Void) {
  body(dh_thread_image_scratch())
}

/// Windows over some images.
struct Geometry: Sendable {
  let windows: dh_windows

  init(
    _ images: Int, _ height: Int, _ width: Int, _ channels: Int, _ outChannels: Int, kernel: (Int, Int),
    stride: (Int, Int) = (1, 1), padding: (before: Int, behind: Int) = (0, 0), groups: Int = 1
  ) {
    func count(_ size: Int, _ kernel: Int, _ stride: Int) -> Int {
      (size + padding.before + padding.behind - kernel) / stride + 1
    }
    windows = dh_windows(
      images: images, height: height, width: width, channels: channels, out_height: count(height, kernel.0, stride.0),
      out_width: count(width, kernel.1, stride.1), kernel_height: kernel.0, kernel_width: kernel.1, stride_y: stride.0,
      stride_x: stride.1, top: padding.before, left: padding.before, out_channels: outChannels, groups: groups)
  }

  var inputCount: Int { windows.height * windows.width * windows.channels }
  var outputCount: Int { windows.out_height * windows.out_width * windows.out_channels }
  var depth: Int { windows.kernel_height * windows.kernel_width * (windows.channels / windows.groups) }
  func randomInputs(seed: UInt64) -> [Float] { floats(windows.images * inputCount, seed: seed) }
  func randomOutputs(seed: UInt64) -> [Float] { floats(windows.images * outputCount, seed: seed) }

  /// Each input that has a part in an output, with the place of the weight between them.
  func forEachPair(_ body: (_ input: Int, _ output: Int, _ weight: Int) -> Void) {
    let w = windows
    let (into, out) = (w.channels / w.groups, w.out_channels / w.groups)
    for image in 0..<w.images {
      for row in 0..<w.out_height {
        for column in 0..<w.out_width {
          for a in 0..<w.kernel_height {
            for b in 0..<w.kernel_width {
              let (y, x) = (row * w.stride_y + a - w.top, column * w.stride_x + b - w.left)
              guard (0..<w.height).contains(y), (0..<w.width).contains(x) else { continue }
              for o in 0..<w.out_channels {
                for i in 0..<into {
                  body(
                    image * inputCount + (y * w.width + x) * w.channels + o / out * into + i,
                    image * outputCount + (row * w.out_width + column) * w.out_channels + o,
                    ((a * w.kernel_width + b) * into + i) * w.out_channels + o)
                }
              }
            }
          }
        }
      }
    }
  }
}
