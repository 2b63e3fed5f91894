import Conversation
import Foundation

/// Tool calls that a model wrote as text, in the forms of the usual chat templates.
struct WrittenToolCalls: Sendable, Equatable {
    /// A call as it was written.
    struct Written: Sendable, Equatable {
        var name: String
        /// The arguments as JSON text; more than one reading if the text does not tell texts from numbers.
        var readings: [String]
    }

    let calls: [Written]

    /// Reads calls; nil if the text holds none.
    init?(_ text: String, tools: [ToolDeclaration]) {
        let plain = Self.withoutTokens(text)
        let trimmed = plain.drop { $0.isWhitespace || $0 == ";" }
        let isJSON = trimmed.first == "{" || trimmed.first == "["
        let read =
            (isJSON ? Self.documents(String(trimmed), tools) : nil) ?? Self.python(plain, tools) ?? Self.tagged(plain) ?? Self.named(plain, tools)
        guard let read, !read.isEmpty else { return nil }
        calls = read
    }

    /// The calls that can be made, and what is wrong with the others.
    func checked(by tools: [ToolDeclaration]) -> (calls: [(name: String, arguments: String)], faults: [String]) {
        var good: [(String, String)] = []
        var faults: [String] = []
        for call in calls {
            guard let tool = tools.first(where: { $0.name == call.name }) else {
                faults.append("there is no tool \(call.name.prefix(64))")
                continue
            }
            if let arguments = call.readings.first(where: { (try? ToolArguments($0, for: tool)) != nil }) {
                good.append((call.name, arguments))
            } else {
                faults.append("the arguments do not fit \(call.name)")
            }
        }
        return (good, faults)
    }

    /// Special tokens and code fences between the parts of a call.
    private static func withoutTokens(_ text: String) -> String {
        var plain = text
        for token in ["```json", "```", "[ARGS]", "<｜tool▁sep｜>", "<|tool_sep|>", "<|tool_call_argument_begin|>", "<|constrain|>json", "<|message|>"]
        {
            plain = plain.replacing(token, with: " ")
        }
        return plain
    }

    /// One JSON document, or several one after the other.
    private static func documents(_ text: String, _ tools: [ToolDeclaration]) -> [Written]? {
        var calls: [Written] = []
        var rest = text[...]
        while rest.first == "{" || rest.first == "[" {
            guard let end = ChatMarkup.endOfJSON(in: String(rest)) else { return nil }
            let length = String(rest)[..<end].count
            guard let document = try? JSONValue(parsing: String(rest.prefix(length))), let read = Self.calls(in: document, tools) else { return nil }
            calls += read
            rest = rest.dropFirst(length).drop { $0.isWhitespace || $0 == ";" || $0 == "," }
        }
        return calls.isEmpty ? nil : calls
    }

    private static func calls(in document: JSONValue, _ tools: [ToolDeclaration]) -> [Written]? {
        if let elements = document.elements {
            let read = elements.map { calls(in: $0, tools) }
            return read.contains { $0 == nil } ? nil : read.compactMap(\.self).flatMap(\.self)
        }
        if let list = document["tool_calls"] { return calls(in: list, tools) }
        if let function = document["function"], function.members != nil { return calls(in: function, tools) }
        let name = ["name", "tool", "tool_name", "function", "action", "recipient_name"].lazy.compactMap { document[$0]?.string }.first
        guard let name = name.map(bare) else { return nil }
        let names = ["arguments", "parameters", "args", "input", "tool_input", "action_input", "params"]
        switch names.lazy.compactMap({ document[$0] }).first {
        case .string(let text)?: return [Written(name: name, readings: [text])]
        case .object(let members)?: return [Written(name: name, readings: [(try? JSONValue.object(members).text()) ?? "{}"])]
        case .null?, nil: return tools.contains { $0.name == name } ? [Written(name: name, readings: ["{}"])] : nil
        default: return nil
        }
    }

    /// `[NAME(argument=value)]`; nil unless every name is a tool's, since words in brackets are words.
    private static func python(_ text: String, _ tools: [ToolDeclaration]) -> [Written]? {
        guard let calls = PythonToolCalls.read(text) else { return nil }
        let written = calls.compactMap { call -> Written? in
            let name = bare(call.name)
            guard tools.contains(where: { $0.name == name }), let text = try? JSONValue.object(call.arguments).text() else { return nil }
            return Written(name: name, readings: [text])
        }
        return written.count == calls.count ? written : nil
    }

    /// `<function=NAME>`, `<invoke name="NAME">` and the parameters in tags.
    private static func tagged(_ text: String) -> [Written]? {
        for opening in ["<function=", "<invoke name=", "<function name="] {
            guard text.contains(opening) else { continue }
            let parts = text.components(separatedBy: opening).dropFirst()
            let read = parts.compactMap { part -> Written? in
                guard let end = part.firstIndex(of: ">") else { return nil }
                let name = bare(part[..<end].trimmingCharacters(in: quotes))
                let body = String(part[part.index(after: end)...])
                let inner = body.components(separatedBy: "</function>")[0].components(separatedBy: "</invoke>")[0]
                let json = inner.trimmingCharacters(in: .whitespacesAndNewlines)
                if json.hasPrefix("{"), let end = ChatMarkup.endOfJSON(in: json) { return Written(name: name, readings: [String(json[..<end])]) }
                return Written(name: name, readings: readings(of: parameters(in: inner)))
            }
            return read.isEmpty ? nil : read
        }
        return nil
    }

    /// `NAME {…}`, as Mistral, DeepSeek and Kimi write it, and the arguments in tags, as GLM does.
    private static func named(_ text: String, _ tools: [ToolDeclaration]) -> [Written]? {
        if text.contains("<arg_key>") {
            let name = bare(text.components(separatedBy: "<arg_key>")[0].trimmingCharacters(in: .whitespacesAndNewlines))
            return [Written(name: name, readings: readings(of: pairs(in: text)))]
        }
        var calls: [Written] = []
        var rest = text[...]
        while let start = rest.firstIndex(of: "{") {
            let words = rest[..<start].split { $0.isWhitespace }.map { bare(String($0)) }
            let document = String(rest[start...])
            guard let name = words.last(where: { word in tools.contains { $0.name == word } }) ?? words.last,
                let end = ChatMarkup.endOfJSON(in: document)
            else { break }
            calls.append(Written(name: name, readings: [String(document[..<end])]))
            rest = rest[start...].dropFirst(document[..<end].count)
        }
        return calls.isEmpty ? nil : calls
    }

    /// A name without what templates put around it: `functions.book:0`.
    private static func bare(_ name: String) -> String {
        var name = name[...]
        if let dot = name.lastIndex(of: ".") { name = name[name.index(after: dot)...] }
        if let colon = name.firstIndex(of: ":") { name = name[..<colon] }
        return String(name)
    }

    private static let quotes = CharacterSet(charactersIn: "\"' ")

    private static func parameters(in text: String) -> [(String, String)] {
        var found: [(String, String)] = []
        for opening in ["<parameter=", "<parameter name="] {
            for part in text.components(separatedBy: opening).dropFirst() {
                guard let end = part.firstIndex(of: ">") else { continue }
                let value = String(part[part.index(after: end)...]).components(separatedBy: "</parameter>")[0]
                found.append((part[..<end].trimmingCharacters(in: quotes), value.trimmingCharacters(in: .whitespacesAndNewlines)))
            }
        }
        return found
    }

    private static func pairs(in text: String) -> [(String, String)] {
        text.components(separatedBy: "<arg_key>").dropFirst().compactMap { part in
            let sides = part.components(separatedBy: "</arg_key>")
            guard sides.count == 2, let value = sides[1].components(separatedBy: "<arg_value>").dropFirst().first else { return nil }
            let words = value.components(separatedBy: "</arg_value>")[0]
            return (sides[0].trimmingCharacters(in: .whitespacesAndNewlines), words.trimmingCharacters(in: .whitespacesAndNewlines))
        }
    }

    /// The arguments with numbers and lists read as such, and with everything as text.
    private static func readings(of parameters: [(String, String)]) -> [String] {
        let typed = parameters.map { ($0.0, (try? JSONValue(parsing: $0.1)) ?? .string($0.1)) }
        let texts = parameters.map { ($0.0, JSONValue.string($0.1)) }
        let mixed = [typed, texts].compactMap { list in
            try? JSONValue.object(Dictionary(list) { _, last in last }).text()
        }
        return mixed
    }
}
