import Conversation

/// What an endpoint accepts of a request: it starts from what most services accept, and refusals teach the rest.
struct ChatDialect: Sendable, Equatable {
    /// How the prompt is sent.
    enum SystemForm: Sendable, Equatable {
        case system, developer
        /// At the beginning of the first user message.
        case user
    }

    /// How the length of an answer is limited.
    enum LengthForm: Sendable, Equatable {
        case maxTokens, maxCompletionTokens, none
    }

    /// What stands as `content` beside tool calls without words.
    enum EmptyContent: Sendable, Equatable, CaseIterable {
        case null, empty, absent
    }

    /// How tool-call ids are sent.
    enum IDForm: Sendable, Equatable {
        case asGiven
        /// As nine letters and digits, the same for the same id.
        case short
    }

    var system = SystemForm.system
    var length = LengthForm.maxTokens
    var emptyContent = EmptyContent.null
    var ids = IDForm.asGiven
    var acceptsTemperature = true
    /// Whether a stream is asked to end with the tokens that it took: most services that know the request say it unasked.
    var asksForUsage = false
    var acceptsTools = true
    var streams = true
    var echoesAttachments = true
    /// Attached members that the endpoint does not take back.
    var unwanted: Set<String> = []
    /// The most tokens of a request, in our estimate; nil if no request was too long.
    var maximumTokens: Int?
    /// Whether answers begin with a thought that only a closing tag ends; nil if it is not known.
    var beginsInThought: Bool?

    /// Something that a refusal, or an answer, teaches about an endpoint.
    enum Change: Sendable, Equatable, Hashable {
        case system(SystemForm), length(LengthForm), emptyContent(EmptyContent), shortIDs, noTemperature, noUsage, noTools, noStream
        case unwanted(Set<String>), wanted(String), maximumTokens(Int), beginsInThought(Bool)
        /// Only what every service accepts, tools included.
        case plain
        /// The same without tools and without a system message.
        case bare
    }

    /// Takes in what was learnt.
    mutating func apply(_ change: Change) {
        switch change {
        case .system(let form): system = form
        case .length(let form): length = form
        case .emptyContent(let form): emptyContent = form
        case .shortIDs: ids = .short
        case .noTemperature: acceptsTemperature = false
        case .noUsage: asksForUsage = false
        case .noTools: acceptsTools = false
        case .noStream: streams = false
        case .unwanted(let names): unwanted.formUnion(names)
        case .wanted(let name): unwanted.remove(name)
        case .maximumTokens(let tokens): maximumTokens = min(tokens, maximumTokens ?? .max)
        case .beginsInThought(let begins): beginsInThought = begins
        case .plain: makePlain()
        case .bare:
            makePlain()
            (system, acceptsTools) = (.user, false)
        }
    }

    private mutating func makePlain() {
        (length, emptyContent, ids, acceptsTemperature, echoesAttachments) = (.none, .empty, .short, false, false)
        asksForUsage = false
    }
}

extension ChatDialect.Change {
    /// What is done next, in words that follow the refusal.
    var words: String {
        switch self {
        case .system(.user): "asked again with the prompt in the first user message"
        case .system(.developer): "asked again with the prompt as a developer message"
        case .system(.system): "asked again with a system message"
        case .length(.maxCompletionTokens): "asked again with max_completion_tokens"
        case .length: "asked again without a limit of tokens"
        case .emptyContent: "asked again with another content beside tool calls"
        case .shortIDs: "asked again with shorter tool call ids"
        case .noTemperature: "asked again without temperature"
        case .noUsage: "asked again without stream_options"
        case .noTools: "asked again without tools"
        case .noStream: "asked again without streaming"
        case .unwanted(let names): "asked again without \(names.sorted().joined(separator: ", "))"
        case .wanted(let name): "asked again with \(name)"
        case .maximumTokens(let tokens): "asked again with at most about \(tokens) tokens"
        case .beginsInThought: ""
        case .plain: "asked again in the simplest form"
        case .bare: "asked again in the simplest form, without tools"
        }
    }

    /// Whether the service asked for it: what was only tried is remembered once it was accepted.
    var isCertain: Bool { ![.plain, .bare].contains(self) }

    /// Whether it holds for the call alone: other calls may get along with more.
    var isForCallOnly: Bool {
        switch self {
        case .bare, .maximumTokens: true
        default: false
        }
    }
}

extension ChatDialect {
    /// What a refusal of a request teaches; nil if the request can only be given up.
    func change(after refusal: ChatRefusal, of sent: ChatRequest.Sent) -> Change? {
        guard refusal.concernsRequest || refusal.isTooLong else { return nil }
        if refusal.isFailedToolUse { return nil }
        if length != .none, sent.maxTokens != nil, refusal.contains("too large", "at most"), namesLength(refusal) { return .length(.none) }
        if refusal.isTooLong { return lower(after: refusal, of: sent) }
        return parameter(refusal, sent) ?? message(refusal, sent) ?? (refusal.isPlain ? fallback(sent) : nil)
    }

    private func namesLength(_ refusal: ChatRefusal) -> Bool { refusal.names("max_tokens") || refusal.names("max_completion_tokens") }

    /// A member of the request that the refusal names.
    private func parameter(_ refusal: ChatRefusal, _ sent: ChatRequest.Sent) -> Change? {
        if acceptsTemperature, sent.hasTemperature, refusal.names("temperature") { return .noTemperature }
        if asksForUsage, refusal.names("stream_options") || refusal.names("include_usage") { return .noUsage }
        if sent.maxTokens != nil, length != .none, namesLength(refusal) {
            return length == .maxTokens && !refusal.contains("must be", "less than", "greater than") ? .length(.maxCompletionTokens) : .length(.none)
        }
        if streams, refusal.contains("streaming", "'stream'", "`stream`", "\"stream\"", "param stream;", "body stream", "argument supplied: stream"),
            isDenied(refusal)
        {
            return .noStream
        }
        let names = sent.attached.filter(refusal.names)
        if !names.isEmpty { return .unwanted(names) }
        if let name = unwanted.sorted().first(where: refusal.names), refusal.contains("missing", "required") { return .wanted(name) }
        guard acceptsTools, sent.hasTools, refusal.names("tools") || refusal.names("tool") || refusal.names("function") || refusal.names("functions")
        else {
            return nil
        }
        let isAboutOne = refusal.contains("schema", "tool_call_id", "function.name", ".parameters")
        return !isAboutOne && isDenied(refusal) ? .noTools : nil
    }

    /// A message, or a part of one, that the refusal names.
    private func message(_ refusal: ChatRefusal, _ sent: ChatRequest.Sent) -> Change? {
        if ids == .asGiven, sent.hasCalls, namesID(refusal) { return .shortIDs }
        if sent.hasBareCalls, refusal.names("content"),
            refusal.contains("null", "none", "nil", "empty", "required", "missing", "string", "blank", "must", "should be", "invalid")
        {
            let forms = EmptyContent.allCases.filter { $0 != emptyContent && !sent.triedContents.contains($0) }
            if let next = forms.first { return .emptyContent(next) }
        }
        let isAboutRole = refusal.contains("role", "message", "alternate", "template")
        if system == .system, sent.hasSystem, isAboutRole, refusal.names("developer") { return .system(.developer) }
        if system != .user, sent.hasSystem, isAboutRole,
            refusal.names("system") || refusal.contains("messages[0]", "messages.0", "messages 0", "alternate", "only user and assistant")
        {
            return .system(.user)
        }
        if acceptsTools, sent.hasCalls, refusal.contains("alternate", "only user and assistant", "unknown role", "unexpected role") {
            return .noTools
        }
        return nil
    }

    private func namesID(_ refusal: ChatRefusal) -> Bool {
        let isID = refusal.contains("tool_call_id", "tool call id", "tool_call.id", "call id", "call_id", "tool_use.id", "tool_use_id", "].id", ".id")
        let isForm = refusal.contains(
            "length",
            "characters",
            "pattern",
            "a-z",
            "alphanumeric",
            "too long",
            "at most",
            "malformed",
            "format",
            "invalid",
            "must match",
            "string_too"
        )
        return isID && isForm
    }

    private func isDenied(_ refusal: ChatRefusal) -> Bool {
        refusal.contains(
            "not support",
            "n't support",
            "unsupported",
            "requires",
            "no endpoints found",
            "unrecognized",
            "unrecognised",
            "unknown",
            "extra_forbidden",
            "extra inputs",
            "extra fields",
            "not permitted",
            "not allowed",
            "not available",
            "not enabled",
            "not implemented",
            "unexpected",
            "must be false",
            "does not accept",
            "disabled"
        )
    }

    /// What is tried if the refusal names nothing that can be changed.
    private func fallback(_ sent: ChatRequest.Sent) -> Change? {
        var plain = self
        plain.apply(.plain)
        if plain != self, !sent.tried.contains(.plain) { return .plain }
        var bare = self
        bare.apply(.bare)
        return bare != self && !sent.tried.contains(.bare) ? .bare : nil
    }

    /// The budget after a request that was too long: from the sizes that the refusal names, otherwise half.
    private func lower(after refusal: ChatRefusal, of sent: ChatRequest.Sent) -> Change? {
        let half = sent.tokens / 2
        guard half > 0 else { return nil }
        guard let sizes = refusal.sizes else { return .maximumTokens(half) }
        // The model counts otherwise than we do: the request itself shows by how much.
        let scale = sizes.requested.map { Double(sent.tokens) / Double(max(1, $0 - (sent.maxTokens ?? 0))) } ?? 1
        let room = sizes.limit - (sent.maxTokens ?? min(500, sizes.limit / 8))
        let budget = Int(Double(room) * min(1.5, scale) * 0.95)
        return .maximumTokens(budget < 50 || budget > sent.tokens * 9 / 10 ? half : budget)
    }
}
