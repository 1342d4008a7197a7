/// Something that can be done again and again, to be timed.
protocol Work: AnyObject {
  /// Does it so many times.
  func run(count: Int) throws
  /// What there is to say of the result, beside the time.
  func facts() throws -> [String: Double]
}

extension Work {
  func facts() throws -> [String: Double] { [:] }
}
