/// The values that keywords want, and what is said where they are others.
extension SchemaReader {
    /// A pointer to a member.
    static func path(_ path: String, _ name: String) -> String {
        "\(path)/\(name.replacing("~", with: "~0").replacing("/", with: "~1"))"
    }

    func text(_ value: JSONValue, at path: String) throws(JSONSchemaError) -> String {
        guard let text = value.string else { throw JSONSchemaError(path: path, message: "must be a string") }
        return text
    }

    func flag(_ value: JSONValue, at path: String) throws(JSONSchemaError) -> Bool {
        guard case .bool(let flag) = value else { throw JSONSchemaError(path: path, message: "must be true or false") }
        return flag
    }

    func number(_ value: JSONValue, at path: String) throws(JSONSchemaError) -> Double {
        guard let number = value.double else { throw JSONSchemaError(path: path, message: "must be a number") }
        return number
    }

    func count(_ value: JSONValue, at path: String) throws(JSONSchemaError) -> Int {
        guard case .number(let count) = value, count >= 0 else { throw JSONSchemaError(path: path, message: "must be a whole number from 0") }
        return count
    }

    /// An array with something in it.
    func values(_ value: JSONValue, at path: String) throws(JSONSchemaError) -> [JSONValue] {
        guard case .array(let values) = value, !values.isEmpty else {
            throw JSONSchemaError(path: path, message: "must be an array with at least one element")
        }
        return values
    }

    func names(_ value: JSONValue, at path: String) throws(JSONSchemaError) -> [String] {
        guard case .array(let values) = value else { throw JSONSchemaError(path: path, message: "must be an array of names") }
        var names: [String] = []
        for (place, value) in values.enumerated() { names.append(try text(value, at: "\(path)/\(place)")) }
        return names
    }

    func types(_ value: JSONValue, at path: String) throws(JSONSchemaError) -> [SchemaType] {
        var types: [SchemaType] = []
        let listed: [String]
        if let name = value.string { listed = [name] } else { listed = try names(value, at: path) }
        for name in listed {
            guard let type = SchemaType(rawValue: name) else {
                throw JSONSchemaError(path: path, message: "names the type \(name), which there is not")
            }
            types.append(type)
        }
        guard !types.isEmpty else { throw JSONSchemaError(path: path, message: "must name a type") }
        return types
    }

    func members(_ value: JSONValue, at path: String) throws(JSONSchemaError) -> [(key: String, value: JSONValue)] {
        guard case .object(let members) = value else { throw JSONSchemaError(path: path, message: "must be an object") }
        return members.sorted { $0.key < $1.key }
    }
}

extension JSONValue {
    /// The value of a number.
    var double: Double? {
        switch self {
        case .number(let value): Double(value)
        case .real(let value): value
        case .null, .bool, .string, .array, .object: nil
        }
    }
}
