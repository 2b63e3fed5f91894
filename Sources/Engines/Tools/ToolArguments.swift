/// A call's arguments, checked.
struct ToolArguments: Sendable, Equatable {
    /// Arguments that do not fit the tool.
    struct Failure: Error, Equatable {
        /// What is wrong, in words that help the assistant to call again.
        var message: String
    }

    /// The arguments by name.
    let members: [String: JSONValue]

    /// Reads and checks arguments; no text at all stands for none.
    init(_ text: String, for declaration: ToolDeclaration) throws(Failure) {
        let isBlank = text.allSatisfy(\.isWhitespace)
        guard case .object(let members)? = try? JSONValue(parsing: isBlank ? "{}" : text) else {
            throw Failure(message: "Nothing was done: the arguments of \(declaration.name) must be a JSON object. Call it again with one.")
        }
        let violations = declaration.schema.check(.object(members))
        guard violations.isEmpty else {
            let list = violations.map(\.description).joined(separator: "; ")
            throw Failure(
                message: "Nothing was done: the arguments of \(declaration.name) do not fit. \(list). Call it again with arguments that do."
            )
        }
        self.members = members
    }
}
