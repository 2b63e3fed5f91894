import ArgumentParser
import Conversation
import Diagnostics
import Foundation
import VoiceServer

/// Runs a recorded call again, without sound, and says whether it would be decided as it was.
struct Replay: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run a call's journal again: are the same decisions made?",
        discussion: """
            A server with --journal on keeps each call under journals/ in its data directory. The events are fed to this program's \
            own decisions, twice. Exit code 0: all are as they were in the call; 1: the first that is not is shown.
            """
    )

    @Argument(help: ArgumentHelp("A call's journal, such as .agentos/journals/twilio-CA123.jsonl.", valueName: "file"))
    var file: String

    func run() throws {
        let replay = try read()
        let (outcome, again) = (replay.run(), replay.run())
        Terminal.print("steps    \(outcome.steps)")
        Terminal.print("actions  \(outcome.actions)")
        if let difference = outcome.firstDifference {
            Terminal.print("differs  \(difference)")
            throw ExitCode(1)
        }
        guard outcome == again else {
            Terminal.print("differs  the second run from the first: the decisions hang on something that the journal does not hold")
            throw ExitCode(1)
        }
        Terminal.print("the same decisions, twice")
    }

    private func read() throws(StartError) -> CallReplay {
        guard let data = FileManager.default.contents(atPath: file) else {
            throw StartError(.missingInput, "the journal \(file) cannot be read; check the path and its permissions")
        }
        do {
            // Line breaks alone: what callers say may hold characters that Swift counts as newlines, too.
            let lines = data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            return try CallReplay(lines: lines.map { String(decoding: $0, as: UTF8.self) })
        } catch {
            throw StartError(.badData, "\(file): \(ErrorText.of(error))")
        }
    }
}
