/// A person, or a machine, who is called in a simulated call: by `<Dial>`, or by a call that the server places.
package struct Callee: Sendable, Equatable {
    /// What happens on the line.
    enum Line: Sendable {
        /// Somebody, or something, answers.
        case answers
        /// It is in use.
        case busy
        /// It rings in vain.
        case rings
        /// It cannot be reached.
        case failed
    }

    /// How the callee takes a call that was answered.
    enum Manner: Sendable {
        /// Takes it, and hangs up in the end.
        case takes
        /// Takes it, until the caller hangs up.
        case takesUntilCallerHangsUp
        /// Does not want it: presses 2 where a key is asked for, and hangs up where none is.
        case declines
        /// Takes it with the key 1 and hangs up before the caller is there.
        case vanishes
        /// Is a machine, which hears everything and presses nothing.
        case records
    }

    /// How long a person looks for the key that is asked for.
    static let keyAfterMs = 500
    /// How long a person waits alone in a conference.
    static let patienceMs = 20_000

    var line: Line
    var manner: Manner
    /// How long it rings before it is answered.
    var answersAfterMs: Int
    /// How long the callee stays once the caller is there; one who declines and is asked for no key, from answering.
    var staysMs: Int
    /// The callee in the words of the command line.
    package private(set) var name: String

    private init(_ name: String, _ line: Line, _ manner: Manner = .takes, answersAfterMs: Int = 1000, staysMs: Int = 1000) {
        self.name = name
        self.line = line
        self.manner = manner
        self.answersAfterMs = answersAfterMs
        self.staysMs = staysMs
    }

    /// A person who listens to what is said before the caller is there, presses 1 where a key is asked for, talks, and hangs up.
    ///
    /// With `callerHangsUp` it is the caller who hangs up, and the call is over.
    package static func human(answersAfterMs: Int = 1000, talksForSeconds: Int = 5, callerHangsUp: Bool = false) -> Callee {
        let manner = callerHangsUp ? Manner.takesUntilCallerHangsUp : .takes
        return Callee("human", .answers, manner, answersAfterMs: answersAfterMs, staysMs: talksForSeconds * 1000)
    }

    /// A person who answers and does not take the call: presses 2, or hangs up where no key is asked for.
    package static let declines = Callee("declines", .answers, .declines)
    /// A person who answers, presses 1, and hangs up before the caller is there.
    package static let hangsUp = Callee("hangs-up", .answers, .vanishes)
    /// A line that is in use.
    package static let busy = Callee("busy", .busy)
    /// A line that rings in vain.
    package static let noAnswer = Callee("no-answer", .rings)
    /// A number that cannot be reached.
    package static let failed = Callee("failed", .failed)
    /// A machine that answers at once, records for ten seconds and presses no key.
    package static let voicemail = Callee("voicemail", .answers, .records, answersAfterMs: 0, staysMs: 10_000)

    /// The same callee, who answers after another time.
    package func answering(afterMs: Int) -> Callee {
        var callee = self
        callee.answersAfterMs = afterMs
        return callee
    }

    /// A person who declines without being asked, after a while.
    static func declining(afterSeconds: Int) -> Callee {
        var callee = declines.answering(afterMs: 0)
        callee.staysMs = afterSeconds * 1000
        return callee
    }

    /// The key that is pressed where one is asked for.
    var key: Character? {
        switch manner {
        case .takes, .takesUntilCallerHangsUp, .vanishes: "1"
        case .declines: "2"
        case .records: nil
        }
    }

    /// What Twilio finds out about who answered, in its words.
    func answeredBy(detection: String) -> String {
        guard manner == .records else { return "human" }
        return detection == "DetectMessageEnd" ? "machine_end_beep" : "machine_start"
    }
}

extension Callee {
    /// The words of the command line.
    package static let words = ["human", "human:SECONDS", "declines", "hangs-up", "busy", "no-answer", "failed", "voicemail"]

    /// Reads a word of the command line: `human:8` talks for eight seconds.
    package init?(_ text: String) {
        if let seconds = text.hasPrefix("human:") ? Int(text.dropFirst("human:".count)) : nil, (0...3600).contains(seconds) {
            self = .human(talksForSeconds: seconds)
            return
        }
        let all: [Callee] = [.human(), .declines, .hangsUp, .busy, .noAnswer, .failed, .voicemail]
        guard let callee = all.first(where: { $0.name == text }) else { return nil }
        self = callee
    }
}
