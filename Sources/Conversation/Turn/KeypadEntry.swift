/// Keys pressed one after the other, which together are one turn of the caller.
struct KeypadEntry: Sendable {
    /// More keys than this are no number anybody means to enter.
    static let longest = 64

    private(set) var digits = ""
    /// When the newest key was pressed, on our clock, in ms.
    private(set) var lastKeyAtMs = 0
    private var isComplete = false

    /// Whether keys have been pressed that are no turn yet.
    var isOpen: Bool { !digits.isEmpty }

    /// When the keys pressed so far are a turn, on our clock, in ms; nil while there are none.
    func dueAtMs(pauseMs: Int) -> Int? { isOpen ? lastKeyAtMs + (isComplete ? 0 : pauseMs) : nil }

    /// Takes a key: `#` completes the entry and is no part of it unless it stands alone.
    mutating func press(_ key: Character, nowMs: Int) {
        lastKeyAtMs = nowMs
        if key != "#" || digits.isEmpty { digits.append(key) }
        isComplete = key == "#" || digits.count >= Self.longest
    }

    /// Hands the keys out.
    mutating func take() -> String {
        defer {
            digits = ""
            isComplete = false
        }
        return digits
    }
}
