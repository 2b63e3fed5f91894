import Yams

/// A named member of a mapping.
struct YAMLMember {
    var name: String
    /// Where the name stands.
    var place: FilePlace
    var value: YAMLValue
}

/// A mapping whose names are known.
struct YAMLFields {
    let whole: YAMLValue
    fileprivate let members: [String: YAMLMember]

    /// A member; nil where there is none, or nothing behind its name.
    subscript(_ name: String) -> YAMLValue? {
        members[name].flatMap { $0.value.isNull ? nil : $0.value }
    }

    /// A member that must be there.
    func required(_ name: String) -> YAMLValue? {
        if let value = self[name] { return value }
        let place = members[name]?.place ?? whole.place
        whole.faults.add("needs `\(name)`", at: place, path: whole.path)
        return nil
    }
}

extension YAMLValue {
    /// The members of a mapping whose names are chosen by its writer, in the file's order.
    func members() -> [YAMLMember] {
        guard let mapping = node.mapping else {
            if !isNull { note("must be names with values") }
            return []
        }
        guard faults.mayVisit(mapping.count) else { return [] }
        var own: [YAMLMember] = []
        var merged: [YAMLMember] = []
        for (key, value) in mapping {
            let place = faults.place(key.mark)
            guard let name = key.scalar?.string, !name.isEmpty else {
                faults.add("a name must be a single word", at: place, path: path)
                continue
            }
            if YAMLText.isMasked(name) { continue }
            if name == "<<", key.scalar?.style == .plain {
                merged += mergedMembers(value)
            } else {
                own.append(YAMLMember(name: name, place: place, value: member(value, name)))
            }
        }
        let names = Set(own.map(\.name))
        return own + merged.filter { !names.contains($0.name) }
    }

    /// The members of a mapping whose names are known; others are faults.
    ///
    /// - Parameters:
    ///   - known: the names.
    ///   - what: what one of them is called, such as `key of an agent`.
    /// - Returns: the members that are known.
    func fields(_ known: [String], of what: String) -> YAMLFields {
        var members: [String: YAMLMember] = [:]
        for member in self.members() {
            guard known.contains(member.name) else {
                faults.add(Self.unknown(member.name, what, known), at: member.place, path: path)
                continue
            }
            // What is merged comes after what is own, and the first of several merged ones counts.
            if members[member.name] == nil { members[member.name] = member }
        }
        return YAMLFields(whole: self, members: members)
    }

    /// What is said of a name that means nothing: the name itself only where it looks like one.
    static func unknown(_ name: String, _ what: String, _ known: [String]) -> String {
        let near = Word.nearest(to: name, among: known)
        let shown = Word.shown(name) ?? (near == nil ? nil : LogField.onOneLine(name))
        return "\(shown ?? "this name") is no \(what)\(Word.advice(for: name, among: known))"
    }

    /// What `<<` brings in: a mapping, or a list of them.
    private func mergedMembers(_ node: Node) -> [YAMLMember] {
        let value = YAMLValue(node: node, path: path, faults: faults)
        switch node {
        case .mapping: return value.members()
        case .sequence: return value.items().flatMap { YAMLValue(node: $0.node, path: path, faults: faults).members() }
        case .scalar, .alias:
            value.note("`<<` must name a mapping, as in `<<: *name`")
            return []
        }
    }

    private func member(_ node: Node, _ name: String) -> YAMLValue {
        let shown = Word.shown(name) ?? DeclaredName.shown(name) ?? "?"
        return YAMLValue(node: node, path: path.isEmpty ? shown : "\(path).\(shown)", faults: faults)
    }
}
