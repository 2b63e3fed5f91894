/// Keeps sessions and their events for good.
///
/// Every method returns once its effect is durable; what it returned is found again after the process was killed.
package protocol CallStore: Sendable {
    /// Writes a batch in one transaction, in order.
    ///
    /// - Returns: for each change the event that tells of it; nil where nothing has changed or the session is unknown.
    func write(_ changes: [StoreChange]) async throws -> [StoredEvent?]

    /// Writes something and throws what keeps it from that: a full disk, a read-only one, a broken file.
    func check() async throws

    /// Whether an error of ``write(_:)`` is about the store as a whole, such as a full disk, and not about the changes.
    ///
    /// An error that may be either is not: ``check()`` decides then.
    func isUnavailable(_ error: any Error) -> Bool

    /// What an error of ``write(_:)`` says, in one line without anything of the changes, which may hold a caller's words.
    func reason(for error: any Error) -> String

    /// One session.
    func session(_ id: String) async throws -> SessionRecord?

    /// Sessions, newest first.
    ///
    /// - Parameters:
    ///   - state: only sessions in this state.
    ///   - before: only sessions created before the session of this id, or before this moment (ISO 8601 in UTC).
    ///   - limit: at most this many.
    /// - Returns: the sessions.
    /// - Throws: whatever kept the store from reading.
    func sessions(state: SessionRecord.State?, before: String?, limit: Int) async throws -> [SessionRecord]

    /// A session's events after `seq`, oldest first, at most `limit`.
    func events(of session: String, after seq: Int, limit: Int) async throws -> [StoredEvent]

    /// Counts calls, for whoever lets new ones in.
    func counts(_ query: CallCountQuery) async throws -> CallCounts

    /// The place of the newest event among those of all sessions; 0 when there is none.
    func lastPosition() async throws -> Int

    /// The events of all sessions after `position`, oldest first, at most `limit`.
    func events(after position: Int, limit: Int) async throws -> [StoredEvent]
}

extension CallStore {
    package func isUnavailable(_ error: any Error) -> Bool { false }

    package func reason(for error: any Error) -> String { "\(type(of: error))" }
}

/// A call as the store keeps it.
package struct SessionRecord: Sendable, Equatable {
    /// How far a session has come.
    package enum State: String, Sendable, CaseIterable {
        /// The webhook was answered. Becomes `active` or `stopped`.
        case created
        /// A stream is open, or was lost and may come back. Becomes `stopped`.
        case active
        /// Over for good.
        case stopped
    }

    /// `twilio-` and the call's id.
    package var id: String
    /// Whose session it is.
    package var projectID: String
    /// The name of the agent that answers; empty where none of the file's does.
    package var agent: String
    /// The telephone provider.
    package var provider: String
    /// The speech-to-text engine.
    package var sttProvider: String
    /// How audio is carried.
    package var transport: String
    /// The provider's id of the call.
    package var callID: String
    /// The provider's id of the newest stream.
    package var streamID: String?
    /// Who calls, as the provider said it.
    package var from: String
    /// Who was called.
    package var to: String
    /// How far it has come.
    package var state: State
    /// When it was made; microseconds since 1970, as are all times here.
    package var createdAt: Int
    /// When anything last happened.
    package var lastActivityAt: Int
    /// When it stopped.
    package var stoppedAt: Int?
    /// Why it stopped.
    package var stopReason: String?
    /// Why its line was lost, while the call may come back; nil while a stream is open, and before the first.
    package var interruption: String?
    /// When its line was lost; nil where ``interruption`` is, and for lines that an earlier version lost.
    package var interruptedAt: Int?
    /// How many streams have been opened for it.
    package var streamCount: Int
    /// The number of its last event.
    package var lastSeq: Int

    /// Makes a session that has just been created.
    package init(id: String, callID: String, from: String, to: String, sttProvider: String, createdAt: Int) {
        self.id = id
        self.callID = callID
        self.from = from
        self.to = to
        self.sttProvider = sttProvider
        self.createdAt = createdAt
        lastActivityAt = createdAt
        projectID = "default"
        agent = ""
        provider = "twilio"
        transport = "twilio_stream"
        state = .created
        streamCount = 0
        lastSeq = 0
    }
}

/// Something to be written.
package enum StoreChange: Sendable, Equatable {
    /// A new session; nothing is written when it exists.
    case create(SessionRecord)
    /// A stream was opened; counts it and notes its id.
    case activate(session: String, streamID: String, at: Int)
    /// The session's line was lost and its call may come back; nothing is written when that is known, or no stream was open.
    case interrupt(session: String, reason: String, at: Int)
    /// The session is over; nothing is written when it already was.
    case stop(session: String, reason: String, at: Int)
    /// Something happened in a session.
    case event(session: String, CallEvent, at: Int)
}

/// An event as it was stored and is told.
package struct StoredEvent: Sendable, Equatable {
    /// Its place among the events of all sessions; grows.
    package var position: Int
    /// The session it belongs to.
    package var session: String
    /// Its number within the session, from 1 without gaps.
    package var seq: Int
    /// Its type, for example `voice.stt.final`.
    package var type: String
    /// The whole event as a JSON object.
    package var json: String

    /// Makes a stored event.
    package init(position: Int, session: String, seq: Int, type: String, json: String) {
        self.position = position
        self.session = session
        self.seq = seq
        self.type = type
        self.json = json
    }
}
