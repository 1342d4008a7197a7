/// A 64-bit checksum of bytes, fast enough for files as large as disks hold. It finds damage, and is no defence against
/// someone who means to deceive.
///
/// Four lanes of h ← rotate(h ⊕ word) · odd, so that every changed bit changes its lane for good.
func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
  var lanes = SIMD4<UInt64>(1, 2, 3, 4)
  let odd: UInt64 = 0x9E37_79B9_7F4A_7C15
  let whole = bytes.count / 32
  for index in 0..<whole {
    let words = bytes.loadUnaligned(fromByteOffset: 32 * index, as: SIMD4<UInt64>.self)
    let mixed = lanes ^ words
    lanes = (mixed &<< 27 | mixed &>> 37) &* odd
  }
  var sum = UInt64(bytes.count)
  for index in 32 * whole..<bytes.count { sum = (sum ^ UInt64(bytes[index])) &* odd }
  for lane in 0..<4 {
    sum = (sum ^ lanes[lane]) &* odd
    sum ^= sum >> 29
  }
  return sum
}
