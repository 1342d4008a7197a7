internal import DownhillCompute
internal import DownhillTraining

/// What happens in the trainings of members that go on at the same time, told one member after the other, as if each had waited
/// for those before it.
final class MemberEvents {
  private struct State {
    /// Whose events are told as they come.
    var member = 0
    /// Of each member, what is not told yet.
    var waiting: [[TrainingEvent]]
    var isFinished: [Bool]
  }

  private let state: Monitor<State>
  private let tell: (TrainingEvent) -> Void

  /// - Parameter tell: is called by one thread at a time.
  init(members: Int, _ tell: @escaping (TrainingEvent) -> Void) {
    self.tell = tell
    state = Monitor(
      State(waiting: Array(repeating: [], count: members), isFinished: Array(repeating: false, count: members)))
  }

  func emit(_ event: TrainingEvent, of member: Int) {
    state.with { state in
      if member == state.member { tell(event) } else { state.waiting[member].append(event) }
    }
  }

  /// Nothing more will come of a member.
  func finish(_ member: Int) {
    state.with { state in
      state.isFinished[member] = true
      while state.member < state.isFinished.count, state.isFinished[state.member] {
        state.member += 1
        guard state.member < state.waiting.count else { return }
        for event in state.waiting[state.member] { tell(event) }
        state.waiting[state.member] = []
      }
    }
  }
}
