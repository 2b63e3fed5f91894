import ArgumentParser
import Conversation
import Foundation
import VoiceServer

/// What the store knows, without a running server.
struct Sessions: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Look at stored sessions.",
        subcommands: [List.self, Show.self, Export.self, Erase.self],
        defaultSubcommand: List.self
    )

    /// Where the sessions are.
    struct Source: ParsableArguments {
        @Option(help: ArgumentHelp("Folder of the database (AGENTOS_DATA_DIR, default .agentos).", valueName: "dir"))
        var dataDir: String?

        /// The store, which must exist.
        func open() throws -> SessionArchive { try SessionArchive(folder: folder) }

        /// Records that somebody reads what was said in a session.
        func noteAccess(to id: String) throws {
            Terminal.noteAccess(to: "session", session: id, in: try AuditArchive(dataDirectory: folder))
        }

        private var folder: String { dataDir ?? ProcessInfo.processInfo.environment["AGENTOS_DATA_DIR"] ?? ".agentos" }
    }

    /// The newest sessions, a line each.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the newest sessions.")
        @OptionGroup var source: Source
        @Option(help: "At most this many.") var limit = 20

        func run() async throws {
            let lines = try await source.open().list(limit: limit)
            lines.forEach(Terminal.print)
            if lines.isEmpty { Terminal.print("There are no sessions yet.") }
        }
    }

    /// A session and its transcript.
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show a session and its transcript.")
        @OptionGroup var source: Source
        @Argument(help: "The session's id, such as twilio-CA123.") var id: String

        func run() async throws {
            let lines = try await source.open().show(id)
            try source.noteAccess(to: id)
            lines.forEach(Terminal.print)
        }
    }

    /// A session with all its events as JSON, or all of a caller's.
    struct Export: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Print sessions, their transcripts and their events as JSON, a session a line.")
        @OptionGroup var source: Source
        @Option(help: ArgumentHelp("All sessions of this caller, such as +14155551234.", valueName: "number")) var number: String?
        @Argument(help: "The session's id.") var id: String?

        func validate() throws {
            guard (number == nil) != (id == nil) else { throw ValidationError("give a session's id or --number, one of the two") }
        }

        func run() async throws {
            let archive = try source.open()
            let ids = if let id { [id] } else { try await archive.sessions(ofNumber: number ?? "") }
            for id in ids {
                let text = try await archive.export(id)
                try source.noteAccess(to: id)
                Terminal.print(text)
            }
        }
    }
}
