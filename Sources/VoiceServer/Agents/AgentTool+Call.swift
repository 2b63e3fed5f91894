import Conversation
import Engines

extension AgentTool {
    /// How calls treat it.
    var plan: ToolPlan {
        switch self {
        case .builtIn(.endCall): ToolPlan(.endCall)
        case .builtIn(.transferCall): ToolPlan(.transfer)
        case .builtIn(.sendDTMF): ToolPlan(.digits)
        case .builtIn(.holdCall): ToolPlan(.hold)
        case .builtIn(.muteCaller): ToolPlan(.mute)
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
            let isWarm = transfers.contains { $0.mode == .warm }
            let text =
                "Puts the caller through to somebody else. Say so in the same answer. If it fails, the caller is back with you and you learn why."
                + (isWarm ? " The reason is told to the person who is called." : "")
            var properties: [String: JSONValue] = ["destination": .object(["type": .string("string"), "enum": names])]
            if isWarm {
                let meaning = "Who the caller is and what they want, in one short sentence, in the language of the call."
                properties["reason"] = .object(["type": .string("string"), "description": .string(meaning)])
            }
            return try? ToolDeclaration(name: name, description: text, parameters: Self.schema(properties, required: ["destination"]))
        case .builtIn(.sendDTMF):
            let text = "Presses keys on the telephone line, as one does in a menu; w is a pause of half a second."
            let digits: JSONValue = .object(["type": .string("string"), "pattern": .string("^[0-9*#wW]{1,32}$")])
            return try? ToolDeclaration(name: name, description: text, parameters: Self.schema(["digits": digits], required: ["digits"]))
        case .builtIn(.holdCall):
            return try? ToolDeclaration(
                name: name,
                description: "Puts the caller on hold for a while. Say so in the same answer; you speak again when the time is over.",
                parameters: Self.schema(["seconds": Self.seconds], required: ["seconds"])
            )
        case .builtIn(.muteCaller):
            return try? ToolDeclaration(
                name: name,
                description: "Stops listening for a while, because the caller wants to speak with somebody in the room. Say so in the same answer.",
                parameters: Self.schema(["seconds": Self.seconds], required: ["seconds"])
            )
        case .declared(let tool):
            return tool.httpTool?.declaration
        }
    }

    /// How long a hold or a mute may be.
    private static let seconds: JSONValue = .object([
        "type": .string("integer"), "minimum": .number(CallTools.pauseSeconds.lowerBound), "maximum": .number(CallTools.pauseSeconds.upperBound),
    ])

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
