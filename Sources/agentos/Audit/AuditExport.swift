import ArgumentParser
import Diagnostics
import VoiceServer

/// The records as JSON lines, persons' words and numbers opened.
struct AuditExport: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Print the records as JSON, one a line.",
        discussion: """
            What belongs to a caller is opened as `personal`; where the caller's key was deleted, `erased` is true. That it was read is recorded, too.
            """
    )

    @OptionGroup var source: AuditCommand.Source

    @Option(help: ArgumentHelp("The first record.", valueName: "number"))
    var from = 1

    @Option(help: ArgumentHelp("One session's records alone.", valueName: "id"))
    var session: String?

    func run() async throws {
        let archive = try source.open()
        Terminal.noteAccess(to: "audit trail", session: session, in: archive)
        guard let report = try archive.export(from: from, session: session, Terminal.print) else { return Terminal.warn(AuditCommand.nothing) }
        guard let fault = report.fault else { return }
        throw StartError(.badData, "the audit trail is not as it was written: \(fault); what comes before it was printed")
    }
}

extension Terminal {
    /// Records that somebody at this machine reads what was said; where that cannot be, says so and goes on.
    static func noteAccess(to what: String, session: String?, in archive: AuditArchive) {
        do {
            try archive.note(access: what, session: session)
        } catch {
            warn("the audit trail could not record that this was read: \(ErrorText.of(error))")
        }
    }
}
