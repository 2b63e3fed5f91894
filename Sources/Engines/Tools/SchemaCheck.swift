import Foundation

/// Checks one document against a schema.
///
/// Its work is bounded, since a schema may refer to itself: a document that takes more is a violation.
struct SchemaCheck {
    private static let deepest = 64
    private static let mostSteps = 20_000
    /// The most characters that a regular expression is matched with.
    static let longestMatched = 4_096
    /// The most places of regular expressions that are visited, all in all.
    private static let mostMatchWork = 5_000_000

    /// The parts that references name.
    let definitions: [String: SchemaNode]
    private var steps = 0
    private var depth = 0
    private var matchWork = 0

    /// Makes a check.
    init(definitions: [String: SchemaNode]) { self.definitions = definitions }

    /// What breaks the rules of one part of the schema.
    mutating func violations(of value: JSONValue, against node: SchemaNode, at path: String) -> [JSONSchemaViolation] {
        steps += 1
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.deepest, steps <= Self.mostSteps else {
            return [JSONSchemaViolation(path: path, message: "is nested too deeply to be checked")]
        }
        if node.isNullable, value == .null { return [] }
        var found: [JSONSchemaViolation] = []
        for rule in node.rules { found += violations(of: value, against: rule, at: path) }
        return found
    }

    private mutating func violations(of value: JSONValue, against rule: SchemaRule, at path: String) -> [JSONSchemaViolation] {
        switch (rule, value) {
        case (.never, _): return [JSONSchemaViolation(path: path, message: "must be left out")]
        case (.types(let types), _):
            let names = types.map(\.phrase).joined(separator: " or ")
            return types.contains { $0.includes(value) } ? [] : [JSONSchemaViolation(path: path, message: "must be \(names)")]
        case (.values(let values), _): return finding(values.contains { $0.isSame(as: value) }, at: path, Self.choice(of: values))
        case (.text(let rule), .string(let text)):
            guard matchWork <= Self.mostMatchWork else { return [JSONSchemaViolation(path: path, message: "is too long to be checked")] }
            return finding(rule.holds(for: text, work: &matchWork), at: path, rule.phrase)
        case (.number(let rule), _): return finding(value.double.map(rule.holds) ?? true, at: path, rule.phrase)
        case (.list(let rule), .array(let elements)): return violations(of: elements, against: rule, at: path)
        case (.members(let known, let others), .object(let members)): return violations(of: members, known: known, others: others, at: path)
        case (.required(let names), .object(let members)):
            return names.filter { members[$0] == nil }.map { JSONSchemaViolation(path: Self.path(path, $0), message: "is missing") }
        case (.all(let nodes), _): return nodes.flatMap { violations(of: value, against: $0, at: path) }
        case (.any(let nodes), _): return alternatives(nodes, for: value, at: path, most: nodes.count)
        case (.one(let nodes), _): return alternatives(nodes, for: value, at: path, most: 1)
        case (.not(let node), _):
            return finding(isPartial(node) || !violations(of: value, against: node, at: path).isEmpty, at: path, "must be something else")
        case (.reference(let pointer), _): return definitions[pointer].map { violations(of: value, against: $0, at: path) } ?? []
        case (.text, _), (.list, _), (.members, _), (.required, _): return []
        }
    }

    private mutating func violations(of elements: [JSONValue], against rule: SchemaRule.ListRule, at path: String) -> [JSONSchemaViolation] {
        switch rule {
        case .items(let node): elements.enumerated().flatMap { violations(of: $1, against: node, at: "\(path)[\($0)]") }
        case .least(1): finding(!elements.isEmpty, at: path, "must not be empty")
        case .least(let least): finding(elements.count >= least, at: path, "must have at least \(least) elements")
        case .most(let most): finding(elements.count <= most, at: path, "must have at most \(most) elements")
        case .unique: finding(Set(elements.map(Self.text)).count == elements.count, at: path, "must not have an element twice")
        }
    }

    private mutating func violations(
        of members: [String: JSONValue],
        known: [String: SchemaNode],
        others: SchemaNode?,
        at path: String
    ) -> [JSONSchemaViolation] {
        members.sorted { $0.key < $1.key }.flatMap { name, value -> [JSONSchemaViolation] in
            let place = Self.path(path, name)
            if let node = known[name] { return violations(of: value, against: node, at: place) }
            guard let others else { return [] }
            if others.rules == [.never] { return [JSONSchemaViolation(path: place, message: "is not known")] }
            return violations(of: value, against: others, at: place)
        }
    }

    /// At least one of several schemas must fit, and at most so many; if none does, the findings of the nearest show what to change.
    ///
    /// A schema that is checked in part may not fit after all, so it does not count as one too many.
    private mutating func alternatives(_ nodes: [SchemaNode], for value: JSONValue, at path: String, most: Int) -> [JSONSchemaViolation] {
        let findings = nodes.map { violations(of: value, against: $0, at: path) }
        let fitting = zip(nodes, findings).count { !isPartial($0) && $1.isEmpty }
        if fitting > most { return [JSONSchemaViolation(path: path, message: "must fit only one of the forms it may have")] }
        guard !findings.contains(where: \.isEmpty), let nearest = findings.min(by: { $0.count < $1.count }) else { return [] }
        return nearest
    }

    private func isPartial(_ node: SchemaNode) -> Bool {
        node.isPartial || node.rules.contains { if case .reference(let pointer) = $0 { definitions[pointer]?.isPartial == true } else { false } }
    }

    private func finding(_ holds: Bool, at path: String, _ message: @autoclosure () -> String) -> [JSONSchemaViolation] {
        holds ? [] : [JSONSchemaViolation(path: path, message: message())]
    }

    private static func choice(of values: [JSONValue]) -> String {
        let shown = values.prefix(12).map(text).joined(separator: ", ")
        return values.count == 1 ? "must be \(shown)" : "must be one of \(shown)\(values.count > 12 ? " and others" : "")"
    }

    private static func text(_ value: JSONValue) -> String { (try? value.text()) ?? "" }

    private static func path(_ path: String, _ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }
}

extension SchemaRule.TextRule {
    /// Whether a string keeps the rule; adds what a regular expression costs to `work`.
    func holds(for text: String, work: inout Int) -> Bool {
        switch self {
        case .least(let least): return text.unicodeScalars.count >= least
        case .most(let most): return text.unicodeScalars.count <= most
        case .format(let format): return format.includes(text)
        case .pattern(let pattern, _): return text.unicodeScalars.count <= SchemaCheck.longestMatched && pattern.matches(text, work: &work)
        }
    }

    /// What the string must be.
    var phrase: String {
        switch self {
        case .least(1): "must not be empty"
        case .least(let least): "must have at least \(least) characters"
        case .most(let most): "must have at most \(most) characters"
        case .format(let format): "must be \(format.phrase)"
        case .pattern(_, let source): "must match \(source)"
        }
    }
}

extension SchemaRule.NumberRule {
    /// Whether a number keeps the rule.
    func holds(for number: Double) -> Bool {
        switch self {
        case .least(let least): return number >= least
        case .most(let most): return number <= most
        case .above(let bound): return number > bound
        case .below(let bound): return number < bound
        case .multiple(let step):
            let quotient = number / step
            return abs(quotient - quotient.rounded()) <= 1e-9 * max(1, abs(quotient))
        }
    }

    /// What the number must be.
    var phrase: String {
        switch self {
        case .least(let least): "must be at least \(Self.text(least))"
        case .most(let most): "must be at most \(Self.text(most))"
        case .above(let bound): "must be above \(Self.text(bound))"
        case .below(let bound): "must be below \(Self.text(bound))"
        case .multiple(let step): "must be a multiple of \(Self.text(step))"
        }
    }

    private static func text(_ number: Double) -> String { Int(exactly: number).map(String.init) ?? "\(number)" }
}

extension JSONValue {
    /// Whether two values are the same document, however their numbers are written.
    func isSame(as other: JSONValue) -> Bool {
        if let number = double, let second = other.double { return number == second }
        return self == other
    }
}
