public import DownhillNetwork

/// An activation by the name that people give it on a command line.
public enum Activation: String, Sendable, Codable, CaseIterable {
  case identity, relu
  case leakyReLU = "leaky-relu"
  case elu, selu, sigmoid, tanh, gelu, silu, mish, softplus
  case hardTanh = "hard-tanh"

  public var layer: any Layer {
    switch self {
    case .identity: Identity()
    case .relu: ReLU()
    case .leakyReLU: LeakyReLU()
    case .elu: ELU()
    case .selu: SELU()
    case .sigmoid: Sigmoid()
    case .tanh: Tanh()
    case .gelu: GELU()
    case .silu: SiLU()
    case .mish: Mish()
    case .softplus: Softplus()
    case .hardTanh: HardTanh()
    }
  }
}
