/// A conversation with an assistant in writing: the memory and the tools of a call, without its sound.
package struct TextConversation: Sendable {
    /// Something to be shown.
    package enum Step: Sendable, Equatable {
        /// More of the answer.
        case text(String)
        /// A tool is called.
        case toolCalled(ToolCall)
        /// A tool has ended.
        case toolFinished(ToolUse)
        /// An attempt of the assistant failed, and it makes another.
        case fault(String)
    }

    /// What has been said and done so far.
    package private(set) var memory: [ConversationTurn] = []
    /// Whether the assistant has ended the conversation, or put it through to somebody else.
    package private(set) var isOver = false
    private let assistant: any Assistant
    private let tools: any ToolRunner
    private let configuration: CallMachine.Configuration
    private var usedIDs: Set<String> = []

    /// Begins a conversation, with the greeting if there is one.
    package init(_ configuration: CallMachine.Configuration, assistant: any Assistant, tools: any ToolRunner) {
        self.configuration = configuration
        self.assistant = assistant
        self.tools = tools
        if let greeting = configuration.greeting { memory.append(ConversationTurn(role: .assistant, text: greeting)) }
    }

    /// Answers what was written.
    ///
    /// - Parameters:
    ///   - text: the caller's words.
    ///   - show: told of each step as it happens.
    /// - Throws: ``EngineError`` when the assistant failed; the words stay in the memory.
    package mutating func answer(_ text: String, show: (Step) -> Void) async throws {
        memory.append(ConversationTurn(role: .caller, text: text))
        for _ in 0..<CallMachine.mostRounds {
            let wanted = try await ask(show)
            guard !wanted.isEmpty else { return await summarizeIfFull() }
            if wanted.allSatisfy({ configuration.tools[$0.name]?.kind == .endCall }), memory.last?.role == .caller {
                // As on the telephone: nobody is left without a goodbye.
                show(.text(configuration.goodbye))
                memory.append(ConversationTurn(role: .assistant, text: configuration.goodbye))
            }
            for call in wanted { await run(call, show) }
            guard !isOver else { return }
        }
        throw EngineError(.failed, "the assistant called tools \(CallMachine.mostRounds) times without an answer")
    }

    private mutating func ask(_ show: (Step) -> Void) async throws -> [ToolCall] {
        var said = ""
        var wanted: [ToolCall] = []
        for try await output in assistant.reply(to: memory) {
            switch output {
            case .text(let more):
                said += more
                show(.text(more))
            case .toolCall(let call): wanted.append(call)
            case .fault(let message): show(.fault(message))
            }
        }
        guard !said.isEmpty || !wanted.isEmpty else { throw EngineError(.failed, "the assistant answered nothing") }
        if !said.isEmpty { memory.append(ConversationTurn(role: .assistant, text: said)) }
        return wanted
    }

    private mutating func run(_ wanted: ToolCall, _ show: (Step) -> Void) async {
        var call = wanted
        // Services count anew with every answer.
        call.id = ToolCall.id(wanted.id, unlike: usedIDs)
        usedIDs.insert(call.id)
        show(.toolCalled(call))
        let kind = configuration.tools[call.name]?.kind
        let outcome = kind == .endCall ? ToolOutcome(.done, "the call has ended") : await tools.run(call)
        if kind == .endCall || (kind == .transfer && outcome.status == .done) { isOver = true }
        memory.append(ConversationTurn(tool: ToolUse(call, outcome: outcome)))
        show(.toolFinished(ToolUse(call, outcome: outcome)))
    }

    /// A summary that fails is no news: what does not fit is left out then.
    private mutating func summarizeIfFull() async {
        guard let count = configuration.memory.summaryCount(of: memory), let text = try? await assistant.summary(of: Array(memory[..<count])) else {
            return
        }
        memory.replaceSubrange(..<count, with: [ConversationTurn(role: .summary, text: text)])
    }
}
