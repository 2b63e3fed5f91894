/// Phrases that are kept, and those that are to be; the least recently used goes first.
struct PhraseBook: Sendable {
    /// What is known of a text.
    enum Entry: Sendable {
        /// Nobody has asked for it, or it went.
        case unknown
        /// It waits to be prepared. Becomes `underWay`.
        case queued
        /// It is being prepared, and these wait for that. Becomes `ready` or `unknown`.
        case underWay([Delivery<Phrase?>])
        /// It is there.
        case ready(Phrase)
    }

    private let phraseLimit: Int
    private let byteLimit: Int
    private var entries: [String: Entry] = [:]
    /// Texts that are ready, the least recently used first.
    private var order: [String] = []
    private var bytes = 0

    /// Makes an empty book.
    init(phraseLimit: Int, byteLimit: Int) {
        self.phraseLimit = phraseLimit
        self.byteLimit = byteLimit
    }

    /// Asks for a text; false where it is known already or too many wait.
    mutating func request(_ text: String) -> Bool {
        guard entries[text] == nil, entries.count - order.count < phraseLimit else { return false }
        entries[text] = .queued
        return true
    }

    /// A text's preparation begins; false where nobody wants it any more.
    mutating func begin(_ text: String) -> Bool {
        guard case .queued = entries[text] else { return false }
        entries[text] = .underWay([])
        return true
    }

    /// A text's preparation has ended, with nothing where it failed.
    ///
    /// - Returns: who waited for it.
    mutating func finish(_ text: String, _ phrase: Phrase?) -> [Delivery<Phrase?>] {
        guard case .underWay(let waiting) = entries[text] else { return [] }
        entries[text] = nil
        guard let phrase, phrase.bytes <= byteLimit else { return waiting }
        entries[text] = .ready(phrase)
        order.append(text)
        bytes += phrase.bytes
        while order.count > phraseLimit || bytes > byteLimit { drop(order.removeFirst()) }
        return waiting
    }

    /// Looks a text up to speak it; one that is under way is waited for with `delivery`.
    mutating func lookUp(_ text: String, waitingWith delivery: Delivery<Phrase?>) -> Entry {
        switch entries[text] {
        case nil: return .unknown
        case .underWay(let waiting):
            entries[text] = .underWay(waiting + [delivery])
        case .ready:
            order.removeAll { $0 == text }
            order.append(text)
        case .queued, .unknown: break
        }
        return entries[text] ?? .unknown
    }

    private mutating func drop(_ text: String) {
        if case .ready(let phrase) = entries.removeValue(forKey: text) { bytes -= phrase.bytes }
    }
}
