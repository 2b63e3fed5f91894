import ArgumentParser
import VoiceServer

/// Whether the trail is as it was written: names the first record that is not.
struct AuditVerify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check that no record was altered, dropped, moved or inserted.",
        discussion: """
            Exits 0 when the trail is whole, and prints its head, NUMBER:HASH; 1 with the first record that is not as it was written. Whoever \
            can rewrite the whole data directory can make a new trail: note the head elsewhere from time to time, and give it to --head.
            """
    )

    @OptionGroup var source: AuditCommand.Source

    @Option(help: ArgumentHelp("A head that an earlier run printed, which the trail must still hold.", valueName: "number:hash"))
    var head: String?

    func validate() throws {
        guard let head, AuditHead(head) == nil else { return }
        throw ValidationError("--head is not NUMBER:HASH as `agentos audit verify` prints it: '\(head)'")
    }

    func run() async throws {
        guard let report = try source.open().verify(reaching: head.flatMap(AuditHead.init)) else { return Terminal.print(AuditCommand.nothing) }
        report.notes.forEach(Terminal.print)
        if let fault = report.fault {
            Terminal.print("The audit trail is not as it was written: \(fault).")
            throw ExitCode(1)
        }
        if report.isUnfinished { Terminal.print("The newest record is being written just now, or a server died while it wrote it.") }
        Terminal.print("The audit trail is whole: \(report.head.number) records, head \(report.head.text)")
    }
}
