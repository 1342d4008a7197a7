/// The library's version, by semantic versioning.
public let downhillVersion = "0.1.0"
