import Foundation

/// Reads a schema's keywords into rules.
///
/// A keyword that is not known here is noted and not checked, as JSON Schema wants it; a known one with an impossible value is an error.
struct SchemaReader {
    private static let annotations: Set<String> = [
        "description", "title", "default", "examples", "example", "$schema", "$id", "$comment", "deprecated", "readOnly", "writeOnly",
    ]
    private static let deepest = 64
    /// The most places that are noted.
    private static let mostNotes = 50

    /// What is not checked, and where.
    private(set) var notes: [JSONSchemaNote] = []
    /// How often something was found that is not checked.
    private var uncheckedCount = 0
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

    /// Reads what references name; a reference into another document accepts anything, and is noted.
    mutating func definitions(of document: JSONValue, root: SchemaNode) throws(JSONSchemaError) -> [String: SchemaNode] {
        var found = ["#": root]
        // What is read may hold references in its turn.
        while let (pointer, path) = references.popLast() {
            guard found[pointer] == nil else { continue }
            if let part = document.part(at: pointer) {
                found[pointer] = try node(part, at: String(pointer.dropFirst()))
            } else if Self.isOwn(pointer) {
                throw JSONSchemaError(path: path, message: "refers to \(pointer), which is not there")
            } else {
                found[pointer] = SchemaNode(isPartial: true)
                note("is not checked: it refers to something outside this schema", at: path)
            }
        }
        return found
    }

    /// Whether a reference must name a part of the same document.
    private static func isOwn(_ pointer: String) -> Bool {
        ["#/$defs/", "#/definitions/", "#/properties/"].contains { pointer.hasPrefix($0) }
    }

    private mutating func note(_ message: String, at path: String) {
        uncheckedCount += 1
        let note = JSONSchemaNote(path: path, message: message)
        if notes.count < Self.mostNotes, !notes.contains(note) { notes.append(note) }
    }

    private mutating func noteUnchecked(at path: String) {
        note("is not checked: the keyword is unknown here; the model gets it as it is", at: path)
    }

    private mutating func node(_ keywords: [String: JSONValue], at path: String) throws(JSONSchemaError) -> SchemaNode {
        var node = SchemaNode()
        let before = uncheckedCount
        for (keyword, value) in keywords.sorted(by: { $0.key < $1.key }) {
            let place = Self.path(path, keyword)
            switch keyword {
            case "nullable": node.isNullable = try flag(value, at: place)
            case "properties": node.rules.append(try members(keywords, at: path))
            case "additionalProperties": if keywords["properties"] == nil { node.rules.append(try members(keywords, at: path)) }
            // Read for what is wrong in them; references find them by their place.
            case "$defs", "definitions": for (name, part) in try members(value, at: place) { _ = try self.node(part, at: Self.path(place, name)) }
            // Elements of their own rules come before those that `items` is about.
            case "items" where keywords["prefixItems"] != nil || value.isArray: noteUnchecked(at: place)
            default:
                if let rule = try rule(keyword, value, at: place) { node.rules.append(rule) }
            }
        }
        node.isPartial = uncheckedCount > before
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
        default:
            noteUnchecked(at: path)
            return nil
        }
    }

    private mutating func textRule(_ keyword: String, _ value: JSONValue, at path: String) throws(JSONSchemaError) -> SchemaRule.TextRule? {
        switch keyword {
        case "minLength": return .least(try count(value, at: path))
        case "maxLength": return .most(try count(value, at: path))
        case "pattern": return try pattern(value, at: path)
        case "format":
            let name = try text(value, at: path)
            if let format = SchemaFormat(rawValue: name) { return .format(format) }
            if !SchemaFormat.unchecked.contains(name) { note("is not checked: the format is unknown here; the model gets it as it is", at: path) }
            return .least(0)
        default: return nil
        }
    }

    private mutating func pattern(_ value: JSONValue, at path: String) throws(JSONSchemaError) -> SchemaRule.TextRule {
        let source = try text(value, at: path)
        do throws(PatternError) {
            return .pattern(try Pattern(source), source: source)
        } catch {
            switch error {
            case .malformed(let problem): throw JSONSchemaError(path: path, message: "is not a regular expression: \(problem)")
            case .unsupported(let part):
                note("is not checked: \(part) is not supported here; the model gets it as it is", at: path)
                return .least(0)
            }
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
        // Which members a pattern of names allows is not known here, so none is refused.
        if keywords["patternProperties"] != nil { others = nil }
        return .members(known, others: others)
    }

    private mutating func nodes(_ value: JSONValue, at path: String) throws(JSONSchemaError) -> [SchemaNode] {
        var nodes: [SchemaNode] = []
        for (place, part) in try values(value, at: path).enumerated() { nodes.append(try node(part, at: "\(path)/\(place)")) }
        return nodes
    }

    private mutating func reference(_ value: JSONValue, at path: String) throws(JSONSchemaError) -> String {
        let pointer = try text(value, at: path)
        references.append((pointer, path))
        return pointer
    }
}

extension JSONValue {
    fileprivate var isArray: Bool {
        if case .array = self { true } else { false }
    }

    /// What a pointer within the document (`#`, `#/a/b`) leads to; nil where there is nothing.
    fileprivate func part(at pointer: String) -> JSONValue? {
        guard pointer == "#" || pointer.hasPrefix("#/") else { return nil }
        var part = self
        for step in pointer.split(separator: "/", omittingEmptySubsequences: false).dropFirst() {
            let name = (step.removingPercentEncoding ?? String(step)).replacing("~1", with: "/").replacing("~0", with: "~")
            if let member = part[name] {
                part = member
            } else if case .array(let elements) = part, let index = Int(name), elements.indices.contains(index) {
                part = elements[index]
            } else {
                return nil
            }
        }
        return part
    }
}
