extension JSONValue {
    /// Keywords whose value is a schema.
    private static let partKeywords: Set<String> = [
        "items", "additionalProperties", "additionalItems", "unevaluatedProperties", "unevaluatedItems", "contains", "propertyNames", "not", "if",
        "then", "else",
    ]
    /// Keywords whose value is a list of schemas.
    private static let listKeywords: Set<String> = ["allOf", "anyOf", "oneOf", "items", "prefixItems"]
    /// Keywords whose value names schemas.
    private static let namedKeywords: Set<String> = ["properties", "patternProperties", "$defs", "definitions", "dependentSchemas"]
    /// Keywords that only an object's schema has, if it does not name a type.
    private static let objectKeywords = ["properties", "patternProperties", "additionalProperties"]
    /// Deeper schemas are refused when they are read.
    private static let deepestPart = 100

    /// The arguments' schema in the form that every chat service takes: each object in it, the arguments first, has `type` and `properties`.
    ///
    /// Many services refuse every request of a call because of one object schema without `properties`.
    var completeParameters: JSONValue {
        guard case .object(var members) = self else { return self }
        if members["type"] == nil { members["type"] = .string(SchemaType.object.rawValue) }
        return JSONValue.object(members).completeSchema()
    }

    /// A schema, or part of one, in that form.
    private func completeSchema(depth: Int = 0) -> JSONValue {
        guard case .object(var members) = self, depth <= Self.deepestPart else { return self }
        for (keyword, value) in members {
            switch value {
            case .object(let parts) where Self.namedKeywords.contains(keyword):
                members[keyword] = .object(parts.mapValues { $0.completeSchema(depth: depth + 1) })
            case .object where Self.partKeywords.contains(keyword):
                members[keyword] = value.completeSchema(depth: depth + 1)
            case .array(let parts) where Self.listKeywords.contains(keyword):
                members[keyword] = .array(parts.map { $0.completeSchema(depth: depth + 1) })
            default: break
            }
        }
        guard Self.isObject(members) else { return .object(members) }
        if members["type"] == nil { members["type"] = .string(SchemaType.object.rawValue) }
        if members["properties"] == nil { members["properties"] = .object([:]) }
        return .object(members)
    }

    private static func isObject(_ members: [String: JSONValue]) -> Bool {
        switch members["type"] {
        case .string(let type): type == SchemaType.object.rawValue
        case .array(let types): types.contains(.string(SchemaType.object.rawValue))
        case nil: objectKeywords.contains { members[$0] != nil }
        default: false
        }
    }
}
