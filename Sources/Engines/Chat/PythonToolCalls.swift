/// Tool calls that a model wrote as calls in Python: `[book(people=2, day="friday")]`, as Llama 4 and Gemma do.
struct PythonToolCalls {
    /// A call's name and its arguments by name.
    typealias Call = (name: String, arguments: [String: JSONValue])

    private var rest: Substring
    private static let deepest = 20

    /// Reads one call, or several in a list or one after the other; nil if the text is anything else.
    static func read(_ text: String) -> [Call]? {
        var reader = PythonToolCalls(rest: text[...])
        let isList = reader.take("[")
        var calls: [Call] = []
        repeat {
            guard let call = reader.call() else { return nil }
            calls.append(call)
            reader.skipSpace()
        } while reader.take(",") || reader.take(";") || (!isList && !reader.rest.isEmpty)
        if isList { guard reader.take("]") else { return nil } }
        reader.skipSpace()
        return reader.rest.isEmpty ? calls : nil
    }

    private init(rest: Substring) { self.rest = rest }

    private mutating func skipSpace() { rest = rest.drop(while: \.isWhitespace) }

    private mutating func take(_ text: String) -> Bool {
        skipSpace()
        guard rest.hasPrefix(text) else { return false }
        rest = rest.dropFirst(text.count)
        return true
    }

    private mutating func word() -> String? {
        skipSpace()
        let word = rest.prefix { $0.isLetter || $0.isNumber || "_.-".contains($0) }
        guard let first = word.first, first.isLetter || first == "_" else { return nil }
        rest = rest.dropFirst(word.count)
        return String(word)
    }

    private mutating func call() -> Call? {
        guard let name = word(), take("(") else { return nil }
        if name == "print" {
            guard let inner = call(), take(")") else { return nil }
            return inner
        }
        var arguments: [String: JSONValue] = [:]
        while !take(")") {
            if !arguments.isEmpty { guard take(",") else { return nil } }
            guard let argument = word(), take("="), let value = value(depth: 0) else { return nil }
            arguments[argument] = value
        }
        return (name, arguments)
    }

    private mutating func value(depth: Int) -> JSONValue? {
        guard depth < Self.deepest else { return nil }
        skipSpace()
        switch rest.first {
        case "\"", "'": return quoted().map(JSONValue.string)
        case "[", "(": return list(depth: depth)
        case "{": return dictionary(depth: depth)
        default: return plain()
        }
    }

    private mutating func quoted() -> String? {
        guard let quote = rest.popFirst() else { return nil }
        var text = ""
        while let character = rest.popFirst() {
            if character == quote { return text }
            guard character == "\\" else {
                text.append(character)
                continue
            }
            switch rest.popFirst() {
            case "n": text.append("\n")
            case "t": text.append("\t")
            case let escaped?: text.append(escaped)
            case nil: return nil
            }
        }
        return nil
    }

    private mutating func list(depth: Int) -> JSONValue? {
        let closing = rest.popFirst() == "(" ? ")" : "]"
        var values: [JSONValue] = []
        while !take(closing) {
            if !values.isEmpty {
                guard take(",") else { return nil }
                if take(closing) { break }
            }
            guard let value = value(depth: depth + 1) else { return nil }
            values.append(value)
        }
        return .array(values)
    }

    private mutating func dictionary(depth: Int) -> JSONValue? {
        rest.removeFirst()
        var members: [String: JSONValue] = [:]
        while !take("}") {
            if !members.isEmpty {
                guard take(",") else { return nil }
                if take("}") { break }
            }
            guard case .string(let name)? = value(depth: depth + 1), take(":"), let value = value(depth: depth + 1) else { return nil }
            members[name] = value
        }
        return .object(members)
    }

    private mutating func plain() -> JSONValue? {
        let word = rest.prefix { $0.isLetter || $0.isNumber || "+-._".contains($0) }
        rest = rest.dropFirst(word.count)
        switch word {
        case "True", "true": return .bool(true)
        case "False", "false": return .bool(false)
        case "None", "null": return .null
        default: return Int(word).map(JSONValue.number) ?? Double(word).flatMap { $0.isFinite ? .real($0) : nil }
        }
    }
}
