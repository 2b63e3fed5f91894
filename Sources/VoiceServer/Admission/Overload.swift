/// Whether running calls suffer, so that new ones must wait: a value that is told what happens and, once a second, decides.
///
/// One stumble is no overload, and one good second no recovery: it takes ``secondsToFall`` bad seconds of the last ``secondsToRise``, or an utterance
/// that waits too long, and ends after ``secondsToRise`` good ones in a row.
struct Overload: Sendable {
    /// What counts as suffering; 0 for never.
    struct Limits: Sendable, Equatable {
        /// One tick in a hundred, at which audio is sent, comes this late, in ms, or later.
        var latenessMs = 250
        /// An utterance has waited this long for a worker, in ms.
        var queueWaitMs = 3000
    }

    /// What suffers.
    enum Cause: String, Sendable {
        case playout
        case recognition
    }

    /// Bad seconds that make an overload.
    static let secondsToFall = 3
    /// The seconds looked at, and the good ones in a row that end an overload.
    static let secondsToRise = 5

    private let limits: Limits
    private var ticks = 0
    private var lateTicks = 0
    private var ratherLateTicks = 0
    /// Whether each of the last seconds was bad.
    private var badSeconds: [Bool] = []
    private var goodInARow = 0
    /// What suffers, while anything does.
    private(set) var cause: Cause?

    /// Begins without worries.
    init(limits: Limits) {
        self.limits = limits
    }

    /// A tick of a call loop came this late.
    mutating func noteTick(lateMs: Int) {
        ticks += 1
        if lateMs >= limits.latenessMs { lateTicks += 1 }
        if lateMs * 2 >= limits.latenessMs { ratherLateTicks += 1 }
    }

    /// A second is over, and the oldest utterance that waits has waited this long; true when ``cause`` has come or gone.
    mutating func endSecond(queueWaitMs: Int) -> Bool {
        let before = cause
        let isLate = limits.latenessMs > 0 && isPercent(lateTicks)
        let isStuck = limits.queueWaitMs > 0 && queueWaitMs >= limits.queueWaitMs
        // To end an overload things must be well under the limits, or it would come back at once.
        let isWell =
            !(limits.latenessMs > 0 && isPercent(ratherLateTicks)) && !(limits.queueWaitMs > 0 && queueWaitMs * 2 >= limits.queueWaitMs)
        badSeconds = badSeconds.suffix(Self.secondsToRise - 1) + [isLate]
        goodInARow = isWell ? goodInARow + 1 : 0
        (ticks, lateTicks, ratherLateTicks) = (0, 0, 0)
        if isStuck {
            cause = cause ?? .recognition
        } else if badSeconds.count(where: \.self) >= Self.secondsToFall {
            cause = cause ?? .playout
        } else if goodInARow >= Self.secondsToRise {
            cause = nil
        }
        return (cause == nil) != (before == nil)
    }

    /// Whether at least one in a hundred of the second's ticks is among so many.
    private func isPercent(_ count: Int) -> Bool { count > 0 && count * 100 >= ticks }
}
