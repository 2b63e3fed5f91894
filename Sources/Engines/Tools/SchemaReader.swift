/// Reads a schema's keywords into rules.
struct SchemaReader {
    private static let annotations: Set<String> = [
        "description", "title", "default", "examples", "example", "$schema", "$id", "$comment", "deprecated", "readOnly", "writeOnly",
    ]
    private static let deepest = 64

    /// References that were read, and where.
    private var references: [(pointer: String, path: String)] = []
    private var depth = 0

    /// Reads a schema or a part of one.
    mutating func node(_ value: JSONValue, at path: String) throws(JSONSchemaError) -> SchemaNode {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.deepest else { throw JSONSchemaError(path: path, message: "is nested too deeply") }
        switch value {
        case .bool(let anything): return SchemaNode(rules: anything ? [] : [.never])
        case .object(let keywords): return try node(keywords, at: path)
        default: throw JSONSchemaError(path: path, message: "must be an object or a boolean")
        }
    }

    /// Reads what references may name, and checks that every reference names something.
    mutating func definitions(of document: JSONValue, root: SchemaNode) throws(JSONSchemaError) -> [String: SchemaNode] {
        var found = ["#": root]
        for group in ["$defs", "definitions"] {
            guard let parts = document[group] else { continue }
            for (name, part) in try members(parts, at: "/\(group)") {
                let path = Self.path("/\(group)", name)
                found["#\(path)"] = try node(part, at: path)
            }
        }
        if let lost = references.first(where: { found[$0.pointer] == nil }) {
            throw JSONSchemaError(path: lost.path, message: "refers to \(lost.pointer), which is not there")
        }
        return found
    }

    private mutating func node(_ keywords: [String: JSONValue], at path: String) throws(JSONSchemaError) -> SchemaNode {
        var node = SchemaNode()
        for (keyword, value) in keywords.sorted(by: { $0.key < $1.key }) {
            let place = Self.path(path, keyword)
            switch keyword {
            case "nullable": node.isNullable = try flag(value, at: place)
            case "properties": node.rules.append(try members(keywords, at: path))
            case "additionalProperties": if keywords["properties"] == nil { node.rules.append(try members(keywords, at: path)) }
            case "$defs", "definitions":
                guard path.isEmpty else { throw JSONSchemaError(path: place, message: "belongs at the head of the schema") }
            default:
                if let rule = try rule(keyword, value, at: place) { node.rules.append(rule) }
            }
        }
        return node
    }

    private mutating func rule(_ keyword: String, _ value: JSONValue, at path: String) throws(JSONSchemaError) -> SchemaRule? {
        if let rule = try textRule(keyword, value, at: path) { return .text(rule) }
        if let rule = try numberRule(keyword, value, at: path) { return .number(rule) }
        if let rule = try listRule(keyword, value, at: path) { return rule }
        switch keyword {
        case "type": return .types(try types(value, at: path))
        case "enum": return .values(try values(value, at: path))
        case "const": return .values([value])
        case "required": return .required(try names(value, at: path))
        case "allOf": return .all(try nodes(value, at: path))
        case "anyOf": return .any(try nodes(value, at: path))
        case "oneOf": return .one(try nodes(value, at: path))
        case "not": return .not(try node(value, at: path))
        case "$ref": return .reference(try reference(value, at: path))
        case let keyword where Self.annotations.contains(keyword): return nil
        default: throw JSONSchemaError(path: path, message: "is a keyword that is not known here")
        }
    }

    private func textRule(_ keyword: String, _ value: JSONValue, at path: String) throws(JSONSchemaError) -> SchemaRule.TextRule? {
        switch keyword {
        case "minLength": return .least(try count(value, at: path))
        case "maxLength": return .most(try count(value, at: path))
        case "pattern":
            let pattern = try text(value, at: path)
            guard (try? Regex(pattern)) != nil else { throw JSONSchemaError(path: path, message: "is no regular expression") }
            return .pattern(pattern)
        case "format":
            let name = try text(value, at: path)
            if let format = SchemaFormat(rawValue: name) { return .format(format) }
            guard SchemaFormat.unchecked.contains(name) else { throw JSONSchemaError(path: path, message: "is a format that is not known here") }
            return .least(0)
        default: return nil
        }
    }

    private func numberRule(_ keyword: String, _ value: JSONValue, at path: String) throws(JSONSchemaError) -> SchemaRule.NumberRule? {
        switch keyword {
        case "minimum": return .least(try number(value, at: path))
        case "maximum": return .most(try number(value, at: path))
        case "exclusiveMinimum": return .above(try number(value, at: path))
        case "exclusiveMaximum": return .below(try number(value, at: path))
        case "multipleOf":
            let step = try number(value, at: path)
            guard step > 0 else { throw JSONSchemaError(path: path, message: "must be above 0") }
            return .multiple(of: step)
        default: return nil
        }
    }

    private mutating func listRule(_ keyword: String, _ value: JSONValue, at path: String) throws(JSONSchemaError) -> SchemaRule? {
        switch keyword {
        case "items": .list(.items(try node(value, at: path)))
        case "minItems": .list(.least(try count(value, at: path)))
        case "maxItems": .list(.most(try count(value, at: path)))
        case "uniqueItems": try flag(value, at: path) ? .list(.unique) : .list(.least(0))
        default: nil
        }
    }

    private mutating func members(_ keywords: [String: JSONValue], at path: String) throws(JSONSchemaError) -> SchemaRule {
        var known: [String: SchemaNode] = [:]
        let place = "\(path)/properties"
        for (name, part) in try members(keywords["properties"] ?? .object([:]), at: place) {
            known[name] = try node(part, at: Self.path(place, name))
        }
        var others: SchemaNode?
        if let rest = keywords["additionalProperties"] { others = try node(rest, at: "\(path)/additionalProperties") }
        return .members(known, others: others)
    }

    private mutating func nodes(_ value: JSONValue, at path: String) throws(JSONSchemaError) -> [SchemaNode] {
        var nodes: [SchemaNode] = []
        for (place, part) in try values(value, at: path).enumerated() { nodes.append(try node(part, at: "\(path)/\(place)")) }
        return nodes
    }

    private mutating func reference(_ value: JSONValue, at path: String) throws(JSONSchemaError) -> String {
        let pointer = try text(value, at: path)
        guard pointer == "#" || pointer.hasPrefix("#/$defs/") || pointer.hasPrefix("#/definitions/") else {
            throw JSONSchemaError(path: path, message: "must begin with #/$defs/ or #/definitions/")
        }
        references.append((pointer, path))
        return pointer
    }
}
