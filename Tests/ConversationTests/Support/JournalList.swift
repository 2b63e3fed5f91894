import Conversation
import Synchronization

/// Keeps a call's journal in memory.
final class JournalList: CallJournal {
    private let state = Mutex<[String]>([])

    /// The journal so far.
    var lines: [String] { state.withLock { $0 } }

    func note(_ entry: JournalEntry) {
        state.withLock { $0.append((try? entry.text()) ?? "not to be written: \(entry)") }
    }
}
