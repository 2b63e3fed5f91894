/// What an assistant knows of a tool, and what its calls must look like.
package struct ToolDeclaration: Sendable, Equatable {
    /// The name by which it is called.
    package let name: String
    /// What it does and when to use it, for the model.
    package let description: String
    /// The schema of its arguments as models get it: the operator's, completed so that every chat service takes it.
    package let parameters: JSONValue
    /// The operator's schema, for checking.
    package let schema: JSONSchema
    /// The operator's schema.
    private let given: [String: JSONValue]

    /// Declares a tool.
    ///
    /// - Parameters:
    ///   - name: what the model calls it: 1 to 64 letters, digits, `-` or `_`.
    ///   - description: what it does and when to use it.
    ///   - parameters: a JSON Schema of an object; null and an empty object stand for a tool without arguments.
    /// - Throws: ``ToolDeclarationError``.
    package init(name: String, description: String, parameters: JSONValue) throws(ToolDeclarationError) {
        guard name.wholeMatch(of: /[a-zA-Z0-9_-]{1,64}/) != nil else {
            throw ToolDeclarationError("name", "must have 1 to 64 letters, digits, - or _, and nothing else")
        }
        let whole = parameters == .null ? .object([:]) : parameters
        guard case .object(let members) = whole else {
            throw ToolDeclarationError("parameters", "must be a JSON Schema, as in {type: object, properties: {...}}")
        }
        guard (members["type"] ?? .string("object")) == .string("object") else {
            throw ToolDeclarationError("parameters", path: "/type", "the arguments of a tool are an object: write `type: object`")
        }
        do {
            schema = try JSONSchema(whole)
        } catch {
            throw ToolDeclarationError("parameters", path: error.path, error.message)
        }
        self.name = name
        self.description = description
        self.parameters = whole.completeParameters
        given = members
    }

    /// Whether the schema names a property, or may name it in a place that is not looked at here.
    func declares(_ property: String) -> Bool {
        given["properties"]?[property] != nil || ["$ref", "allOf", "anyOf", "oneOf"].contains { given[$0] != nil }
    }

    /// The properties that the schema names, in order.
    var properties: [String] {
        guard case .object(let properties)? = given["properties"] else { return [] }
        return properties.keys.sorted()
    }

    /// The same tool with arguments that every call must have: those without a property become strings.
    func requiring(_ names: some Sequence<String>) throws(ToolDeclarationError) -> ToolDeclaration {
        var members = given
        var properties: [String: JSONValue] = if case .object(let properties)? = given["properties"] { properties } else { [:] }
        var required: [JSONValue] = if case .array(let required)? = given["required"] { required } else { [] }
        for name in names {
            if !declares(name) { properties[name] = .object(["type": .string("string")]) }
            if !required.contains(.string(name)) { required.append(.string(name)) }
        }
        if !properties.isEmpty { members["properties"] = .object(properties) }
        if !required.isEmpty { members["required"] = .array(required) }
        return try ToolDeclaration(name: name, description: description, parameters: .object(members))
    }
}
