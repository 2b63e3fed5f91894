import Engines
import Yams

extension YAMLValue {
    /// The deepest that values may be nested where a JSON document is wanted.
    private static let deepest = 32

    /// The value as a JSON document.
    func json(depth: Int = 0) -> JSONValue? {
        guard depth <= Self.deepest else {
            note("is nested too deeply")
            return nil
        }
        switch node {
        case .scalar(let scalar): return json(scalar)
        case .sequence: return .array(items().compactMap { $0.json(depth: depth + 1) })
        case .mapping:
            var object: [String: JSONValue] = [:]
            for member in members() where object[member.name] == nil { object[member.name] = member.value.json(depth: depth + 1) }
            return .object(object)
        case .alias:
            note("names nothing")
            return nil
        }
    }

    /// The value below this one at a path, or the last on the way that is there, and where its name stands.
    func descend(_ path: [String]) -> (value: YAMLValue, place: FilePlace) {
        var current = (value: self, place: place)
        for step in path {
            if let member = current.value.node.mapping == nil ? nil : current.value.members().first(where: { $0.name == step }) {
                current = (member.value, member.place)
            } else if let index = Int(step), let sequence = current.value.node.sequence, sequence.indices.contains(index) {
                let item = current.value.items()[index]
                current = (item, item.place)
            } else {
                return current
            }
        }
        return current
    }

    private func json(_ scalar: Node.Scalar) -> JSONValue? {
        guard scalar.style == .plain, scalar.tag.rawValue != Tag.Name.str.rawValue else { return .string(scalar.string) }
        if isNull { return .null }
        switch scalar.string {
        case "true", "True", "TRUE": return .bool(true)
        case "false", "False", "FALSE": return .bool(false)
        default: break
        }
        if let number = Int(scalar.string) { return .number(number) }
        if let real = YAMLNumber.real(scalar.string) { return .real(real) }
        return .string(scalar.string)
    }
}
