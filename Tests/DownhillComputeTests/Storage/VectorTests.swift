import DownhillCompute
import Testing

@Suite struct VectorTests {
  @Test("A vector holds the elements of any collection")
  func holdsElements() {
    let numbers: [Float] = [1, -2, 3.5]
    #expect(Vector(numbers).elements == numbers)
    #expect(Vector(numbers[1...]).elements == [-2, 3.5])
    #expect(Vector(numbers.lazy.map { $0 * 2 }).elements == [2, -4, 7])
    #expect(Vector([Float]()).elements.isEmpty && Vector(count: 100).elements.allSatisfy { $0 == 0 })
  }

  @Test(
    "One element that is not finite is seen wherever it stands",
    arguments: [Float.infinity, -.infinity, .nan, -.nan, .signalingNaN])
  func seesWhatIsNotFinite(element: Float) {
    let finite: [Float] = [0, -0, 1, .greatestFiniteMagnitude, -.greatestFiniteMagnitude, .leastNonzeroMagnitude]
    #expect(Vector(finite).areFinite && Vector(count: 0).areFinite)
    for place in 0..<70 {
      var vector = Vector((0..<70).map { finite[$0 % finite.count] })
      #expect(vector.areFinite)
      vector[place] = element
      #expect(!vector.areFinite, "at \(place)")
    }
  }
}
