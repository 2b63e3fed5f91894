/// What goes wrong with callbacks about the calls that a server dials and places, and about conferences.
///
/// Events have Twilio's names: `initiated`, `ringing`, `answered`, `completed`, `participant-join`, `participant-leave`, `conference-start`,
/// `conference-end`; and `amd` for who answered.
package struct CallbackFaults: Sendable, Equatable {
    /// Whether each is sent twice.
    package var sendsTwice: Bool
    /// How late each comes, in ms; the later ones may overtake it.
    package var delayMs: Int
    /// How late those of an event come, in ms, in place of `delayMs`.
    package var delaysMs: [String: Int]
    /// The events that are not told at all; all of them with ``everything``.
    package var dropped: Set<String>

    /// In ``dropped``, every event.
    package static let everything = "*"

    /// Makes faults; none unless given.
    package init(sendsTwice: Bool = false, delayMs: Int = 0, delaysMs: [String: Int] = [:], dropped: Set<String> = []) {
        self.sendsTwice = sendsTwice
        self.delayMs = delayMs
        self.delaysMs = delaysMs
        self.dropped = dropped
    }

    func drops(_ event: String) -> Bool { dropped.contains(event) || dropped.contains(Self.everything) }

    func delayMs(of event: String) -> Int { delaysMs[event] ?? delayMs }
}
