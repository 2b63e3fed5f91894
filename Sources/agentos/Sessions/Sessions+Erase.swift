import ArgumentParser
import VoiceServer

extension Sessions {
    /// Deletes what is kept of one caller.
    struct Erase: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Delete everything that is kept of a caller.",
            discussion: """
                Sessions, events and journals, for good, whether a server runs on the data directory or not. Calls that have not ended \
                are left alone; the exit code is then 1. Asks first, unless --yes is given.
                """
        )
        @OptionGroup var source: Source
        @Option(help: ArgumentHelp("The caller, such as +14155551234.", valueName: "number")) var number: String
        @Flag(help: "Do not ask.") var yes = false

        func run() async throws {
            let archive = try source.open()
            let count = try await archive.sessions(ofNumber: number).count
            guard try yes || isConfirmed(count) else { return Terminal.print("Nothing was deleted.") }
            let report = try await archive.erase(number: number)
            Terminal.print("\(report.erased.count) session(s) of \(number) were deleted, with their events and journals.")
            guard !report.running.isEmpty else { return }
            report.running.forEach { Terminal.print("\($0) has not ended and was left alone; end the call and erase again.") }
            throw ExitCode(1)
        }

        private func isConfirmed(_ count: Int) throws -> Bool {
            guard Terminal.isInteractive else { throw ValidationError("deleting cannot be undone: give --yes where nobody can be asked") }
            Terminal.print("Delete \(count) session(s) of \(number) for good? [y/N]")
            return readLine()?.lowercased() == "y"
        }
    }
}
