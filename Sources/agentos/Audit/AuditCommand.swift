import ArgumentParser
import Foundation
import VoiceServer

/// The audit trail, with or without a running server.
struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Check the audit trail, or print it.",
        subcommands: [AuditVerify.self, AuditExport.self]
    )

    /// Where the trail is.
    struct Source: ParsableArguments {
        @Option(help: ArgumentHelp("The server's data directory (AGENTOS_DATA_DIR, default .agentos).", valueName: "dir"))
        var dataDir: String?

        /// The trail of a data directory, which must exist.
        func open() throws -> AuditArchive {
            try AuditArchive(dataDirectory: dataDir ?? ProcessInfo.processInfo.environment["AGENTOS_DATA_DIR"] ?? ".agentos")
        }
    }

    /// Said of a data directory without a trail.
    static let nothing = "There is no audit record yet."
}
