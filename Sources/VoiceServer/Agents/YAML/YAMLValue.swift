import Yams

/// A value in a configuration file: read as what it should be, and noted as a fault where it is not.
struct YAMLValue {
    let node: Node
    /// What it is called in messages, such as `agents[0].temperature`.
    let path: String
    let faults: YAMLFaults

    /// Where it stands.
    var place: FilePlace { faults.place(node.mark) }

    /// Notes a fault here.
    func note(_ message: String) {
        faults.add(message, at: place, path: path)
    }

    /// The text of a single value, whatever it should be; nil for a list or names with values.
    var single: String? { node.scalar?.string }

    /// Whether it is names with values.
    var isMapping: Bool { node.mapping != nil }

    /// Whether there is a name and nothing behind it.
    var isNull: Bool {
        guard let scalar = node.scalar, scalar.style == .plain else { return false }
        return ["", "~", "null", "Null", "NULL"].contains(scalar.string)
    }

    /// The text of a single value.
    func text() -> String? {
        guard let single, !isNull else {
            note("must be a text")
            return nil
        }
        return single
    }

    /// A text that is not empty.
    func words() -> String? {
        guard let text = text() else { return nil }
        guard text.contains(where: { !$0.isWhitespace }) else {
            note("is empty")
            return nil
        }
        return text
    }

    /// A whole number.
    func number(in range: ClosedRange<Int>) -> Int? {
        guard let number = single.flatMap({ Int($0) }), range.contains(number) else {
            note("is not a whole number from \(range.lowerBound) to \(range.upperBound)")
            return nil
        }
        return number
    }

    /// A number.
    func real(in range: ClosedRange<Double>) -> Double? {
        guard let real = single.flatMap(YAMLNumber.real), range.contains(real) else {
            note("is not a number from \(YAMLNumber.text(range.lowerBound)) to \(YAMLNumber.text(range.upperBound))")
            return nil
        }
        return real
    }

    /// `true` or `false`.
    func truth() -> Bool? {
        guard let truth = single.flatMap({ Bool($0) }) else {
            note("is not true or false")
            return nil
        }
        return truth
    }

    /// One of a few words.
    func choice<Choice: RawRepresentable<String> & CaseIterable>() -> Choice? {
        guard let choice = single.flatMap({ Choice(rawValue: $0) }) else {
            note("is not one of \(Choice.allCases.map(\.rawValue).joined(separator: ", "))")
            return nil
        }
        return choice
    }

    /// The members of a list.
    func items() -> [YAMLValue] {
        guard let sequence = node.sequence else {
            if !isNull { note("must be a list") }
            return []
        }
        guard faults.mayVisit(sequence.count) else { return [] }
        return sequence.enumerated().map { YAMLValue(node: $1, path: "\(path)[\($0)]", faults: faults) }
    }

    /// The members of a list, or the one value that stands for a list of one.
    func itemsOrOne() -> [YAMLValue] {
        node.sequence == nil ? [self] : items()
    }
}
