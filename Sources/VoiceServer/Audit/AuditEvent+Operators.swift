import Engines

/// What those do who run the server, what becomes of it, and what the trail says about itself.
extension AuditEvent {
    /// An operator gave a command, such as `session.end`.
    static func command(_ name: String, session: String? = nil, outcome: String = "done") -> AuditEvent {
        AuditEvent("command", ["command": .string(name), "session_id": .text(session), "outcome": .string(outcome)])
    }

    /// Somebody read what was said: `what` is for example `transcript`, `by` is `api` or a user of the machine.
    static func access(to what: String, session: String? = nil, by: String) -> AuditEvent {
        AuditEvent("access", ["what": .string(what), "session_id": .text(session), "by": .string(by)])
    }

    /// A request came without the API token, or with a wrong one.
    static func tokenRefused(route: String) -> AuditEvent {
        // In a flood the address of each is of no use, and is the sender's choice.
        AuditEvent("token.refused", ["path": .string(route)], throttle: "token.refused")
    }

    /// The server begins.
    static func serverStarted(process: Int) -> AuditEvent {
        AuditEvent("server.started", ["process": .number(process)])
    }

    /// The server ends of its own accord.
    static let serverStopped = AuditEvent("server.stopped")

    /// The settings are others than those of the last start, or were never recorded.
    static func settingsChanged(_ names: [String], settings: [String: JSONValue]) -> AuditEvent {
        AuditEvent("settings.changed", ["changed": .array(names.map { .string($0) }), "settings": .object(settings)])
    }

    /// A person's words and numbers were made unreadable; `keys` are those that are gone.
    static func callerErased(keys: [String]) -> AuditEvent {
        AuditEvent("caller.erased", ["keys": .array(keys.map { .string($0) })])
    }

    /// A process died while it wrote: this many bytes were cut off the file's end.
    static func torn(bytes: Int, hash: String) -> AuditEvent {
        AuditEvent("\(findingPrefix)torn", ["bytes": .number(bytes), "sha256": .string(hash)])
    }

    /// The file was not as it was left.
    static func broken(_ problem: String) -> AuditEvent {
        AuditEvent("\(findingPrefix)broken", ["problem": .string(problem)])
    }

    /// This many records could not be kept while the disk refused.
    static func lost(_ count: Int) -> AuditEvent {
        AuditEvent("\(findingPrefix)lost", ["count": .number(count)])
    }
}
