/// Takes out of a model's text what is not to be said: thoughts, tool calls and special tokens, wherever the tokens are cut.
///
/// Only the end of the text that may be the beginning of a tag is held back, so ordinary words are given at once.
struct ChatMarkup: Sendable {
    private enum Mode: Sendable, Equatable {
        /// Words that are said.
        case text
        /// A thought, or a part of a template; ends with one of the texts.
        case hidden([String])
        /// The head of a Harmony message, up to `<|message|>`.
        case header
        /// A tool call, up to one of the texts or the end.
        case call([String])
        /// JSON at the beginning, which may be a tool call.
        case json
        /// A code block at the beginning, which may hold a tool call.
        case fence(String)
        /// Most likely a thought whose opening tag was in the template.
        case assumed
    }

    private static let maximumHeld = 64 << 10
    private let tools: [ToolDeclaration]
    private var mode: Mode
    private var rest = ""
    private var spoken = ""
    private var collected = ""
    private var hasSpoken = false
    /// Whether the answer is over, though text still comes.
    private var isMuted = false

    /// The tool calls found in the text so far, as they were written.
    private var calls: [String] = []
    /// Whether a thought ended that no tag had begun.
    private(set) var hasLoneClosing = false
    /// Whether everything was held as a thought that never ended.
    private(set) var assumedInVain = false

    /// Makes a filter.
    ///
    /// - Parameters:
    ///   - tools: what the model may call; without tools, JSON is not taken for a call.
    ///   - beginsInThought: whether the text is expected to begin with a thought without a tag.
    init(tools: [ToolDeclaration] = [], beginsInThought: Bool = false) {
        self.tools = tools
        mode = beginsInThought ? .assumed : .text
    }

    /// Takes more of the text, and gives what of it is to be said.
    mutating func feed(_ text: String) -> String {
        rest += text
        spoken = ""
        let hadSpoken = hasSpoken
        while !rest.isEmpty, step(hadSpoken) {}
        return spoken
    }

    /// Gives the tool calls found in the text, as they were written, each once.
    mutating func takeCalls() -> [String] {
        defer { calls = [] }
        return calls
    }

    /// Takes note that the thoughts come apart from the text: it does not begin with one.
    mutating func thoughtsComeApart() {
        if mode == .assumed, rest.isEmpty { mode = .text }
    }

    /// Gives what was held back, as nothing more comes.
    mutating func end() -> String {
        if mode == .assumed {
            assumedInVain = !rest.isEmpty
            mode = .text
        }
        let before = feed("")
        spoken = ""
        switch mode {
        case .text: if !rest.hasPrefix("<|"), !rest.hasPrefix("</") { say(rest) }
        case .call: calls.append(collected + rest)
        case .json: endJSON(rest)
        case .fence(let opening): endFence(rest, opening: opening, closing: "")
        case .hidden, .header, .assumed: break
        }
        (mode, rest, collected) = (.text, "", "")
        return before + spoken
    }

    /// Goes one tag on; false if more text is needed.
    private mutating func step(_ hadSpoken: Bool) -> Bool {
        switch mode {
        case .text: return stepText(hadSpoken)
        case .hidden(let closings):
            guard skip(to: closings) != nil else { return false }
            mode = .text
        case .header: return stepHeader()
        case .call(let closings):
            guard let words = skip(to: closings) else { return false }
            calls.append(collected + words)
            (mode, collected) = (.text, "")
        case .json:
            guard let end = Self.endOfJSON(in: rest) else { return hold() }
            let document = String(rest[..<end])
            rest = String(rest[end...].drop { $0.isWhitespace || $0 == ";" || $0 == "," })
            mode = .text
            endJSON(document)
        case .fence(let opening):
            guard let found = rest.firstRange(of: "```") else { return hold() }
            let body = String(rest[..<found.lowerBound])
            rest = String(rest[found.upperBound...])
            mode = .text
            endFence(body, opening: opening, closing: "```")
        case .assumed: return stepAssumed()
        }
        return true
    }

    private mutating func stepText(_ hadSpoken: Bool) -> Bool {
        if !hasSpoken, !tools.isEmpty, let isHeld = stepBeginning() { return isHeld }
        guard let place = rest.firstIndex(where: { "<[`◁".contains($0) }) else {
            say(rest)
            rest = ""
            return false
        }
        say(String(rest[..<place]))
        rest = String(rest[place...])
        switch ChatTag.match(rest) {
        case .none: say(String(rest.removeFirst()))
        case .partial: return false
        case .tag(let tag, let length):
            let written = String(rest.prefix(length))
            rest = String(rest.dropFirst(length))
            take(tag, written, hadSpoken)
        }
        return true
    }

    /// Looks whether the answer begins with JSON; nil if it does not, otherwise whether to go on.
    private mutating func stepBeginning() -> Bool? {
        // Between calls stand separators.
        if !calls.isEmpty { rest = String(rest.drop { $0.isWhitespace || $0 == ";" || $0 == "," }) }
        let begun = rest.filter { !$0.isWhitespace }.prefix(80)
        guard !begun.isEmpty else { return false }
        guard begun.first == "{" || begun.first == "[" else { return nil }
        let python = tools.map { "[\($0.name)(" }
        if let call = python.first(where: begun.hasPrefix) ?? python.first(where: { $0.hasPrefix(begun) && begun.count > 1 }) {
            guard begun.hasPrefix(call) else { return false }
            rest = String(rest.drop(while: \.isWhitespace))
            mode = .json
            return true
        }
        let keys = ["name\"", "function\"", "type\":\"function\"", "tool", "arguments\"", "parameters\"", "action\"", "id\"", "recipient_name\""]
        let beginnings = ["{\"", "[{\""].flatMap { opening in keys.map { opening + $0 } }
        if beginnings.contains(where: begun.hasPrefix) {
            rest = String(rest.drop(while: \.isWhitespace))
            mode = .json
            return true
        }
        return beginnings.contains { $0.hasPrefix(begun) } ? false : nil
    }

    private mutating func take(_ tag: ChatTag, _ written: String, _ hadSpoken: Bool) {
        switch tag {
        case .hidden(let closings): mode = .hidden(closings)
        case .call(let closings, let keepsTag):
            collected = keepsTag ? written : ""
            mode = .call(closings)
        case .header:
            (mode, collected) = (.header, "")
        case .closing:
            // What was said before cannot be unsaid; what came with it is dropped.
            hasLoneClosing = true
            spoken = ""
            hasSpoken = hadSpoken
        case .role: if hasSpoken { isMuted = true } else { mode = .hidden(["\n"]) }
        case .end: if hasSpoken { isMuted = true }
        case .fence: if hasSpoken || tools.isEmpty { say(written) } else { mode = .fence(written) }
        case .nothing: break
        }
    }

    private mutating func stepHeader() -> Bool {
        let closing = "<|message|>"
        guard let words = skip(to: [closing]) else {
            guard rest.count + collected.count > 400 else { return false }
            (mode, collected, rest) = (.text, "", "")
            return false
        }
        let header = (collected + words).lowercased()
        collected = ""
        let closings = ["<|end|>", "<|call|>", "<|return|>", "<|start|>", "<|channel|>"]
        if let to = header.firstRange(of: "to=") {
            collected = header[to.upperBound...].prefix { !$0.isWhitespace && $0 != "<" } + " "
            mode = .call(closings)
        } else {
            mode = header.contains("final") || !header.contains("<|channel|>") && !Self.isThought(header) ? .text : .hidden(closings)
        }
        return true
    }

    private static func isThought(_ header: String) -> Bool { header.contains("analysis") || header.contains("commentary") }

    private mutating func stepAssumed() -> Bool {
        let begun = rest.drop(while: \.isWhitespace)
        if ChatTag.thoughtOpenings.contains(where: begun.lowercased().hasPrefix) {
            mode = .text
            return true
        }
        let lower = rest.lowercased()
        let found = ChatTag.thoughtClosings.compactMap { lower.firstRange(of: $0) }.min { $0.lowerBound < $1.lowerBound }
        guard let found else { return false }
        rest = String(rest.dropFirst(lower.distance(from: lower.startIndex, to: found.upperBound)))
        hasLoneClosing = true
        mode = .text
        return true
    }

    /// Skips to the first of some texts and over it, and gives what stands before; nil if it has not come.
    private mutating func skip(to closings: [String]) -> String? {
        let lower = rest.lowercased()
        let found = closings.compactMap { closing in lower.firstRange(of: closing.lowercased()).map { ($0, closing) } }
            .min { $0.0.lowerBound < $1.0.lowerBound }
        guard let (range, closing) = found else {
            // A closing tag may have begun; the rest is collected.
            let tail = min(rest.count, (closings.map(\.count).max() ?? 1) - 1)
            if collected.utf8.count < Self.maximumHeld { collected += rest.dropLast(tail) }
            rest = String(rest.suffix(tail))
            return nil
        }
        let before = String(rest.prefix(lower.distance(from: lower.startIndex, to: range.lowerBound)))
        let after = rest.dropFirst(before.count)
        // The beginning of the next message is a tag, too.
        let staysOpen = closing == "<|start|>" || closing == "<|channel|>"
        rest = String(staysOpen ? after : after.dropFirst(closing.count))
        return before
    }

    private mutating func hold() -> Bool {
        guard rest.utf8.count > Self.maximumHeld else { return false }
        say(rest)
        (mode, rest) = (.text, "")
        return false
    }

    private mutating func endJSON(_ document: String) {
        if WrittenToolCalls(document, tools: tools) != nil || tools.contains(where: { document.contains("\"\($0.name)\"") }) {
            calls.append(document)
        } else {
            say(document)
        }
    }

    private mutating func endFence(_ body: String, opening: String, closing: String) {
        if WrittenToolCalls(body, tools: tools) != nil { calls.append(body) } else { say(opening + body + closing) }
    }

    private mutating func say(_ words: String) {
        guard !isMuted else { return }
        spoken += words
        if !words.allSatisfy(\.isWhitespace) { hasSpoken = true }
    }

    /// Where a JSON object or list ends that stands at the beginning.
    static func endOfJSON(in text: String) -> String.Index? {
        var depth = 0
        var isText = false
        var isEscaped = false
        for index in text.utf8.indices {
            let byte = text.utf8[index]
            if isText {
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    isText = false
                }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): isText = true
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                if depth <= 0 { return text.utf8.index(after: index) }
            default: break
            }
        }
        return nil
    }
}

/// A tag in a model's text.
enum ChatTag: Sendable, Equatable {
    /// Hides everything up to one of the texts.
    case hidden([String])
    /// A tool call up to one of the texts; the tag may belong to it.
    case call([String], keepsTag: Bool)
    /// The head of a Harmony message.
    case header
    /// The end of a thought.
    case closing
    /// The beginning of somebody's turn in a template.
    case role
    /// The end of the answer.
    case end
    /// A code block.
    case fence
    /// Nothing that matters.
    case nothing

    /// What a text begins with.
    enum Match: Sendable, Equatable {
        case none
        /// It may become a tag.
        case partial
        case tag(ChatTag, length: Int)
    }

    private static let thoughts = ["think", "thinking", "thought", "thoughts", "reasoning", "reflection", "scratchpad", "analysis", "seed:think"]
    static let thoughtOpenings = thoughts.map { "<\($0)>" } + ["[think]", "◁think▷"]
    static let thoughtClosings = thoughts.map { "</\($0)>" } + ["[/think]", "◁/think▷"]

    /// The tags that are always written the same way, in lower case.
    private static let literals: [(text: String, tag: ChatTag)] = {
        var list: [(String, ChatTag)] = thoughts.map { ("<\($0)>", .hidden(["</\($0)>", "</think>"])) }
        list += [("[think]", .hidden(["[/think]"])), ("◁think▷", .hidden(["◁/think▷"]))]
        list += thoughtClosings.map { ($0, .closing) }
        for name in ["tool_call", "tool_calls", "toolcall", "function_call", "function_calls", "minimax:tool_call", "tool_use"] {
            list += [("<\(name)>", .call(["</\(name)>"], keepsTag: false)), ("</\(name)>", .nothing)]
        }
        list += [("<function=", .call(["</function>"], keepsTag: true)), ("</function>", .nothing)]
        list += [("<invoke name=", .call(["</invoke>"], keepsTag: true)), ("</invoke>", .nothing)]
        list += [("[tool_calls]", .call(["</s>", "<|im_end|>"], keepsTag: false)), ("[tool_call]", .call(["[/tool_call]"], keepsTag: false))]
        list += [("[/tool_calls]", .nothing), ("[/tool_call]", .nothing)]
        list += ["tool_call", "tool_calls", "tool_code", "function_call"].map { ("```\($0)\n", .call(["```"], keepsTag: false)) }
        list += [("```json\n", .fence), ("```\n", .fence)]
        list += ["tool_response", "tool_result", "tool_results"].map { ("<\($0)>", .hidden(["</\($0)>"])) }
        list += ["</s>", "<end_of_turn>", "<eos>", "<|eot|>"].map { ($0, .end) }
        list += [("<start_of_turn>", .role), ("[inst]", .role)]
        list += ["<s>", "<bos>", "<pad>", "<unk>", "[/inst]", "<answer>", "</answer>", "<response>", "</response>"].map { ($0, .nothing) }
        return list
    }()

    /// Says what a text begins with.
    static func match(_ text: String) -> Match {
        let special = matchSpecial(text)
        guard special == .none else { return special }
        let lower = text.prefix(24).lowercased()
        if let found = literals.first(where: { lower.hasPrefix($0.text) }) { return .tag(found.tag, length: found.text.count) }
        return literals.contains { $0.text.hasPrefix(lower) } ? .partial : .none
    }

    /// Special tokens such as `<|im_end|>`, also with the wide bars that DeepSeek writes.
    private static func matchSpecial(_ text: String) -> Match {
        guard text.first == "<" else { return .none }
        let inner = text.dropFirst()
        guard let bar = inner.first else { return .partial }
        guard bar == "|" || bar == "｜" else { return .none }
        let name = inner.dropFirst().prefix { $0.isLetter || $0.isNumber || "_-/▁:.".contains($0) }
        guard name.count <= 40 else { return .none }
        let after = inner.dropFirst(1 + name.count)
        if after.isEmpty || after == "|" || after == "｜" { return .partial }
        guard !name.isEmpty, after.hasPrefix("\(bar)>") else { return .none }
        return .tag(special(name.replacing("▁", with: "_").lowercased()), length: name.count + 4)
    }

    private static func special(_ name: String) -> ChatTag {
        switch name {
        case "channel", "start": .header
        case "think", "thinking", "begin_of_thought", "start_thinking":
            .hidden(["<|/think|>", "<|/thinking|>", "<|end_of_thought|>", "<|end_thinking|>", "</think>"])
        case "python_tag": .call(["<|eom_id|>", "<|eot_id|>", "<|end_of_text|>", "<|im_end|>"], keepsTag: false)
        case "tool_call", "tool_call_begin", "start_action", "tool_call_start":
            .call(
                ["<|/tool_call|>", "<|tool_call_end|>", "<｜tool▁call▁end｜>", "<|end_action|>", "<|end_of_tool_call|>", "</tool_call>"],
                keepsTag: false
            )
        case "start_header_id": .hidden(["<|end_header_id|>"])
        case "im_start", "user", "system": .role
        case "im_end", "eot_id", "eom_id", "endoftext", "end_of_text", "end_of_turn", "eot", "return", "end_of_sentence", "eos": .end
        case "end_of_thought", "end_thinking", "/think", "/thinking": .closing
        default: .nothing
        }
    }
}
