import Conversation
import Engines

/// Reads agents, which refer to endpoints and tools by name.
struct AgentReader {
    private static let known = [
        "name", "numbers", "project", "prompt", "greeting", "greeting_protected_ms", "language", "chat", "endpoint", "temperature", "max_tokens",
        "first_token_ms", "between_tokens_ms", "retries", "memory", "hearing", "voice", "end_silence_ms", "idle_prompt_seconds", "idle_prompt",
        "idle_goodbye", "longest_call_seconds", "digits_interrupt", "welcome", "phrases", "silence", "transfer", "hold",
        "keys", "tools", "tool_limits",
    ]
    private static let waits = 200...60_000
    private static let mostEndpoints = 2

    /// The endpoints by name; nil for one that is declared with a fault.
    let endpoints: [String: EndpointDefinition?]
    /// The tools by name; nil for one that is declared with a fault.
    let tools: [String: ToolDefinition?]
    private var names: Set<String> = []
    /// Where agents, by name, say which language they speak, and what that is called in messages.
    private(set) var languagePlaces: [String: Located<String>] = [:]
    /// Where agents, by name, stand, and what they are called in messages.
    private(set) var places: [String: Located<String>] = [:]
    /// Who answers each number.
    private var answering: [String: String] = [:]
    /// Who answers all others.
    private var answersOthers: String?

    init(endpoints: [String: EndpointDefinition?], tools: [String: ToolDefinition?]) {
        self.endpoints = endpoints
        self.tools = tools
    }

    /// Reads one; nil where it has no name.
    mutating func read(_ value: YAMLValue) -> AgentDefinition? {
        let fields = value.fields(Self.known, of: "key of an agent")
        guard let name = fields.required("name")?.declaredName() else {
            // All the same: whoever mends the name wants to know what else is wrong.
            _ = read(fields, name: "")
            return nil
        }
        if !names.insert(name).inserted { fields["name"]?.note("another agent has this name") }
        places[name] = Located(value: value.path, place: value.place)
        return read(fields, name: name)
    }

    private mutating func read(_ fields: YAMLFields, name: String) -> AgentDefinition {
        var agent = AgentDefinition(name: name)
        agent.numbers = readNumbers(fields, name)
        if let project = fields["project"]?.words() { agent.project = project }
        agent.prompt = fields["prompt"]?.words()
        fields["prompt"]?.notePlaceholders()
        readChat(fields, &agent)
        readManners(fields, &agent)
        if let language = fields["language"] { languagePlaces[name] = Located(value: language.path, place: language.place) }
        agent.hearing = fields["hearing"].flatMap(endpoint)
        agent.voice = fields["voice"].flatMap(endpoint)
        agent.transfers = fields["transfer"]?.members().compactMap(TransferReader.read) ?? []
        if let hold = fields["hold"] { agent.hold = AgentDefinition.Hold(hold) }
        let transfers = fields["transfer"]?.members().map(\.name) ?? []
        if let silence = fields["silence"] { agent.silence = AgentDefinition.Silence(silence, transfers: transfers) }
        let keys = fields["keys"]?.members().compactMap { KeyReader.read($0, transfers: transfers) } ?? []
        agent.keys = Dictionary(keys) { first, _ in first }
        agent.tools = readTools(fields["tools"], hasTransfers: !transfers.isEmpty)
        for member in fields["tool_limits"]?.members() ?? [] {
            guard let limit = member.value.number(in: 0...1000) else { continue }
            if !agent.tools.contains(where: { $0.name == member.name }) {
                member.value.note(DeclaredName.unknown(member.name, "tool of this agent", agent.tools.map(\.name)))
            }
            agent.toolLimits[member.name] = limit
        }
        return agent
    }

    private mutating func readNumbers(_ fields: YAMLFields, _ name: String) -> [String] {
        let shown = DeclaredName.shown(name).map { "`\($0)`" } ?? "another agent"
        let values = fields["numbers"]?.itemsOrOne() ?? []
        if values.isEmpty {
            if let other = answersOthers {
                fields.whole.note("has no numbers and would answer all others, as \(other) does; give one of them numbers")
            }
            answersOthers = shown
        }
        return values.compactMap { value in
            guard let number = value.number() else { return nil }
            if let other = answering[number] { value.note("\(other) answers this number already") }
            answering[number] = shown
            return number
        }
    }

    private func readChat(_ fields: YAMLFields, _ agent: inout AgentDefinition) {
        let named = fields["endpoint"]?.itemsOrOne() ?? []
        if named.count > Self.mostEndpoints { named[Self.mostEndpoints].note("two endpoints at most: one, and one for when it fails") }
        agent.endpoints = named.compactMap(endpoint)
        agent.chat = fields["chat"]?.choice() ?? (named.isEmpty ? nil : .openai)
        agent.temperature = fields["temperature"]?.real(in: 0...2)
        agent.maxTokens = fields["max_tokens"]?.number(in: 1...4096)
        agent.firstTokenMs = fields["first_token_ms"]?.number(in: Self.waits)
        agent.betweenTokensMs = fields["between_tokens_ms"]?.number(in: Self.waits)
        agent.retries = fields["retries"]?.number(in: 0...3)
        agent.memory = fields["memory"].map { AgentDefinition.Memory($0) }
    }

    /// The same ranges as those of the server's settings.
    private func readManners(_ fields: YAMLFields, _ agent: inout AgentDefinition) {
        agent.greeting = fields["greeting"]?.text()
        agent.greetingProtectedMs = fields["greeting_protected_ms"]?.number(in: 0...10_000)
        agent.language = fields["language"]?.language()
        agent.endSilenceMs = fields["end_silence_ms"]?.number(in: 100...5000)
        agent.idlePromptSeconds = fields["idle_prompt_seconds"]?.number(in: 0...3600)
        agent.idlePrompt = fields["idle_prompt"]?.words()
        agent.idleGoodbye = fields["idle_goodbye"]?.words()
        agent.longestCallSeconds = fields["longest_call_seconds"]?.number(in: 1...86_400)
        agent.digitsInterrupt = fields["digits_interrupt"]?.truth()
        let phrases = fields["phrases"]?.fields(AgentPhrase.listed.map(\.rawValue), of: "phrase")
        for phrase in AgentPhrase.listed { agent.phrases[phrase] = phrases?[phrase.rawValue]?.words() }
        agent.phrases[.welcome] = fields["welcome"]?.text()
    }

    private func endpoint(_ value: YAMLValue) -> EndpointDefinition? {
        guard let name = value.words() else { return nil }
        guard let endpoint = endpoints[name] else {
            value.note(DeclaredName.unknown(name, "endpoint", endpoints.keys.sorted()))
            return nil
        }
        return endpoint
    }

    private func readTools(_ value: YAMLValue?, hasTransfers: Bool) -> [AgentTool] {
        var seen: Set<String> = []
        return value?.items().compactMap { item in
            guard let name = item.words() else { return nil }
            guard seen.insert(name).inserted else {
                item.note("is in the list already")
                return nil
            }
            return tool(named: name, item, hasTransfers: hasTransfers)
        } ?? []
    }

    private func tool(named name: String, _ item: YAMLValue, hasTransfers: Bool) -> AgentTool? {
        if let tool = BuiltInTool(rawValue: name) {
            if tool == .transferCall, !hasTransfers { item.note("needs numbers under the agent's `transfer`") }
            return .builtIn(tool)
        }
        guard let tool = tools[name] else {
            item.note(DeclaredName.unknown(name, "tool", BuiltInTool.allCases.map(\.rawValue) + tools.keys.sorted()))
            return nil
        }
        return tool.map { .declared($0) }
    }
}

extension AgentDefinition.Memory {
    /// Reads it.
    init(_ value: YAMLValue) {
        self.init()
        let fields = value.fields(["tokens", "when_full"], of: "key of a memory")
        if let value = fields["tokens"]?.number(in: 500...1_000_000) { tokens = value }
        if let value: WhenFull = fields["when_full"]?.choice() { whenFull = value }
    }
}

extension YAMLValue {
    /// Notes what in a prompt looks as if it were filled in, and is not.
    func notePlaceholders() {
        for problem in AgentPrompt.unfilled(in: single ?? "") { faults.addNote(problem, at: place, path: path) }
    }

    /// Notes a secret that stands in the file instead of a variable that holds it.
    func noteLiteralSecret() {
        guard let single, !single.contains("${") else { return }
        faults.addNote("is written out in the file; keep it in the environment and write ${NAME} here", at: place, path: path)
    }

    /// The name of something that is declared.
    func declaredName() -> String? {
        guard let name = words() else { return nil }
        guard DeclaredName.isValid(name) else {
            note("a name has letters, digits, - and _ alone, 64 at most")
            return nil
        }
        return name
    }

    /// A telephone number or SIP address.
    func number() -> String? {
        guard let text = filledWords() else { return nil }
        guard let number = DialledNumber.read(text) else {
            note("is not a number like +14155550100 or sip:name@host")
            return nil
        }
        return number
    }

    /// A language tag such as `en` or `pt-BR`, or `auto`.
    func language() -> String? {
        guard let text = words() else { return nil }
        guard AgentDefinition.isLanguage(text) else {
            note("is not a language like en or pt-BR, or auto")
            return nil
        }
        return text
    }
}
