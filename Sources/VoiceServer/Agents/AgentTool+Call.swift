import Conversation
import Engines

extension AgentTool {
    /// How calls treat it.
    var plan: ToolPlan {
        switch self {
        case .builtIn(.endCall): ToolPlan(.endCall)
        case .builtIn(.transferCall): ToolPlan(.transfer)
        case .builtIn(.sendDTMF): ToolPlan(.digits)
        case .declared(let tool): ToolPlan(.service, filler: tool.filler)
        }
    }

    /// What assistants are told of it.
    func declaration(transfers: [AgentDefinition.Transfer]) -> ToolDeclaration? {
        switch self {
        case .builtIn(.endCall):
            let text = "Ends the call. Say goodbye in the same answer; the call ends once the caller has heard it."
            return try? ToolDeclaration(name: name, description: text, parameters: Self.schema([:], required: []))
        case .builtIn(.transferCall):
            let names: JSONValue = .array(transfers.map { .string($0.name) })
            let text = "Puts the caller through to somebody else. Say so in the same answer; you leave the call then."
            let destination: JSONValue = .object(["type": .string("string"), "enum": names])
            return try? ToolDeclaration(
                name: name,
                description: text,
                parameters: Self.schema(["destination": destination], required: ["destination"])
            )
        case .builtIn(.sendDTMF):
            let text = "Presses keys on the telephone line, as one does in a menu; w is a pause of half a second."
            let digits: JSONValue = .object(["type": .string("string"), "pattern": .string("^[0-9*#wW]{1,32}$")])
            return try? ToolDeclaration(name: name, description: text, parameters: Self.schema(["digits": digits], required: ["digits"]))
        case .declared(let tool):
            return tool.httpTool?.declaration
        }
    }

    private static func schema(_ properties: [String: JSONValue], required: [String]) -> JSONValue {
        .object([
            "type": .string("object"), "properties": .object(properties), "required": .array(required.map { .string($0) }),
            "additionalProperties": .bool(false),
        ])
    }
}

extension ToolDefinition {
    /// The tool as it is called; nil for one that the check would have refused.
    var httpTool: HTTPTool? { try? makeHTTPTool() }

    /// The tool as it is called; throws what is wrong with its name, schema, address or headers.
    func makeHTTPTool() throws(ToolDeclarationError) -> HTTPTool {
        try HTTPTool(
            declaration: ToolDeclaration(name: name, description: description, parameters: parameters),
            url: url,
            method: HTTPTool.Method(rawValue: method.rawValue) ?? .post,
            headers: headers.map { HTTPTool.Header($0.name, $0.value) },
            timeoutMs: timeoutMs,
            filler: filler
        )
    }
}
