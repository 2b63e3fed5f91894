import Conversation
import Engines

extension ToolDefinition {
    private static let known = ["description", "parameters", "url", "method", "headers", "timeout_ms", "filler"]
    private static let timeouts = 100...60_000
    private static let usualTimeoutMs = 10_000

    /// Reads one.
    static func read(_ member: YAMLMember) -> ToolDefinition? {
        checkName(member)
        let fields = member.value.fields(known, of: "key of a tool")
        let description = fields.required("description")?.words()
        let url = fields.required("url")?.url(mayHaveQuery: true, mayHavePlaces: true)
        let parameters = parameters(fields["parameters"])
        let method: Method? = fields["method"]?.choice()
        let headers = fields["headers"]?.members().compactMap(header) ?? []
        let timeoutMs = fields["timeout_ms"]?.number(in: timeouts)
        let filler = fields["filler"]?.words()
        guard let description, let url, let parameters else { return nil }
        let tool = ToolDefinition(
            name: member.name,
            description: description,
            parameters: parameters,
            url: url,
            method: method ?? .post,
            headers: headers,
            timeoutMs: timeoutMs ?? usualTimeoutMs,
            filler: filler
        )
        do {
            _ = try tool.makeHTTPTool()
        } catch {
            // The name is checked above, and the schema below: what is left are the address and the headers.
            (fields[error.key] ?? fields.whole).note(error.message)
        }
        return tool
    }

    private static func checkName(_ member: YAMLMember) {
        if !DeclaredName.isValid(member.name) {
            member.value.faults.add("a name has letters, digits, - and _ alone, 64 at most", at: member.place, path: "tools")
        } else if BuiltInTool(rawValue: member.name) != nil {
            member.value.faults.add("`\(member.name)` is built in; give this tool another name", at: member.place, path: "tools")
        }
    }

    /// The schema of the arguments; a tool without one takes none.
    private static func parameters(_ value: YAMLValue?) -> JSONValue? {
        guard let value else { return .object([:]) }
        guard let parameters = value.json() else { return nil }
        do {
            let declaration = try ToolDeclaration(name: "tool", description: "", parameters: parameters)
            for note in declaration.schema.notes {
                let (keyword, place) = value.descend(steps(note.path))
                keyword.faults.addNote(note.message, at: place, path: keyword.path)
            }
            return parameters
        } catch {
            let (keyword, place) = value.descend(steps(error.path))
            keyword.faults.add(error.message, at: place, path: keyword.path)
            return nil
        }
    }

    /// The steps of a JSON pointer.
    private static func steps(_ pointer: String) -> [String] {
        pointer.split(separator: "/").map { String($0).replacing("~1", with: "/").replacing("~0", with: "~") }
    }

    private static func header(_ member: YAMLMember) -> Header? {
        let isToken = member.name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"()<>@,;:\\\"/[]?={}".utf8.contains($0) }
        guard isToken, member.name.utf8.count <= 100 else {
            member.value.faults.add("this is no name of a header", at: member.place, path: "\(member.value.path)")
            return nil
        }
        guard let text = member.value.filledWords() else { return nil }
        let name = member.name.lowercased()
        if ["authorization", "key", "token", "secret"].contains(where: name.contains) { member.value.noteLiteralSecret() }
        guard text.utf8.allSatisfy({ $0 == 0x09 || $0 >= 0x20 && $0 != 0x7F }) else {
            member.value.note("holds characters that a header cannot have")
            return nil
        }
        return Header(name: member.name, value: Secret(text))
    }
}
