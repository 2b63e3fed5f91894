import ArgumentParser
import Conversation
import Diagnostics
import Foundation
import VoiceServer

/// Talks to an agent in the terminal.
struct Chat: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Talk to an agent in writing, with the same memory and tools as on the telephone.",
        discussion: """
            Reads what the caller says from standard input, a line at a time, until the agent ends the conversation or the input ends; with \
            --say the lines are given. For writing prompts: no audio, no server, nothing is stored. Tools of your own are really called.
            """
    )

    @Option(help: ArgumentHelp("YAML file of settings and agents.", valueName: "file"))
    var config: String?

    @Option(help: ArgumentHelp("Which agent, by name; the one that answers the number --to otherwise.", valueName: "name"))
    var agent: String?

    @Option(help: ArgumentHelp("The number that is called.", valueName: "number"))
    var to = "+14155550100"

    @Option(help: ArgumentHelp("Who calls.", valueName: "number"))
    var from = "+14155551234"

    @Option(name: .customLong("chat"), help: ArgumentHelp("Assistant: echo or openai (AGENTOS_CHAT).", valueName: "name"))
    var chat: String?

    @Option(help: ArgumentHelp("What the caller says; may be repeated.", valueName: "text"))
    var say: [String] = []

    func run() async throws {
        let flags = [SettingKey.chat: chat].compactMapValues(\.self)
        let settings = try ServerConfiguration(flags: flags, environment: ProcessInfo.processInfo.environment, file: config)
        let talk = try TextAgent(settings, agent: agent, from: from, to: to)
        print(header: talk.name)
        if let greeting = talk.conversation.memory.first?.text { Terminal.print(Terminal.colored("agent  ", 32) + greeting) }
        var given = say[...]
        var failed = false
        while !talk.conversation.isOver, let line = say.isEmpty ? prompt() : given.popFirst() {
            guard !line.allSatisfy(\.isWhitespace) else { continue }
            if !say.isEmpty { Terminal.print(Terminal.colored("caller ", 36) + line) }
            var screen = ChatScreen()
            do {
                try await talk.answer(line) { screen.show($0) }
                screen.end()
                failed = false
            } catch {
                screen.end()
                Terminal.print(Terminal.colored("error  \(ErrorText.of(error))", 31))
                failed = true
            }
        }
        if failed { throw ExitCode(1) }
    }

    private func print(header name: String) {
        guard Terminal.isInteractive else { return }
        Terminal.print(Terminal.colored("Talking to the agent \(name); an empty line is nothing, the end of input (Ctrl-D) ends it.", 90))
    }

    private func prompt() -> String? {
        if Terminal.isInteractive { Terminal.write(Terminal.colored("caller ", 36)) }
        return readLine()
    }
}
