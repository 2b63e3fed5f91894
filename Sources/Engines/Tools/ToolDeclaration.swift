/// What an assistant is told of a tool, and what its calls must look like.
package struct ToolDeclaration: Sendable, Equatable {
    /// The name by which it is called.
    package let name: String
    /// What it does and when to use it, for the model.
    package let description: String
    /// The schema of its arguments as it was given, for the model.
    package let parameters: JSONValue
    /// The same schema, for checking.
    package let schema: JSONSchema

    /// Declares a tool.
    ///
    /// - Parameters:
    ///   - name: what the model calls it: 1 to 64 letters, digits, `-` or `_`.
    ///   - description: what it does and when to use it.
    ///   - parameters: a JSON Schema of type `object`; an empty object stands for a tool without arguments.
    /// - Throws: ``ToolDeclarationError``.
    package init(name: String, description: String, parameters: JSONValue) throws(ToolDeclarationError) {
        guard name.wholeMatch(of: /[a-zA-Z0-9_-]{1,64}/) != nil else {
            throw ToolDeclarationError("name", "must have 1 to 64 letters, digits, - or _, and nothing else")
        }
        let whole: JSONValue = parameters == .object([:]) ? .object(["type": .string("object"), "properties": .object([:])]) : parameters
        guard whole["type"] == .string("object") else { throw ToolDeclarationError("parameters", path: "/type", "must be \"object\"") }
        do {
            schema = try JSONSchema(whole)
        } catch {
            throw ToolDeclarationError("parameters", path: error.path, error.message)
        }
        self.name = name
        self.description = description
        self.parameters = whole
    }

    /// Whether the schema names a property.
    func declares(_ property: String) -> Bool { parameters["properties"]?[property] != nil }
}
