/// What the schema of TwiML may ask of an element.
extension XMLTree {
    /// Refuses attributes other than these; names are case-sensitive.
    func allow(attributes allowed: Set<String>) throws(TwiMLError) {
        guard let extra = attributes.keys.filter({ !allowed.contains($0) }).min() else { return }
        throw .notSchema("<\(name)> has no attribute \(extra)")
    }

    /// Refuses attributes other than these, which the simulator runs, by name.
    func support(attributes supported: Set<String>) throws(TwiMLError) {
        guard let other = attributes.keys.filter({ !supported.contains($0) }).min() else { return }
        throw .notSchema("<\(name) \(other)> is not supported by the simulator")
    }

    /// Refuses elements inside.
    func requireText() throws(TwiMLError) {
        guard let child = children.first else { return }
        throw .notSchema("<\(child.name)> inside <\(name)> is not supported by the simulator")
    }

    /// Refuses elements and text inside.
    func requireEmpty() throws(TwiMLError) {
        guard children.isEmpty, !hasText else { throw .notSchema("<\(name)> must be empty") }
    }

    /// The value of an attribute that must be there and not be empty.
    func required(_ attribute: String) throws(TwiMLError) -> String {
        guard let value = attributes[attribute], !value.isEmpty else { throw .notSchema("<\(name)> has no \(attribute)") }
        return value
    }

    /// The value of an attribute that counts something, nil when absent.
    func count(_ attribute: String) throws(TwiMLError) -> Int? {
        guard let text = attributes[attribute] else { return nil }
        guard let value = Int(text), value >= 0 else { throw .notSchema("<\(name)> has a \(attribute) that is not a whole number") }
        return value
    }

    /// The value of an attribute that is `true` or `false`, nil when absent.
    func flag(_ attribute: String) throws(TwiMLError) -> Bool? {
        try oneOf(["true", "false"], attribute).map { $0 == "true" }
    }

    /// The words of an attribute that takes several of a few, none when absent.
    func words(_ attribute: String, of allowed: [String]) throws(TwiMLError) -> [String] {
        let words = (attributes[attribute] ?? "").split(whereSeparator: \.isWhitespace).map(String.init)
        guard words.allSatisfy(allowed.contains) else { throw .notSchema("<\(name)> takes \(allowed.joined(separator: ", ")) as \(attribute)") }
        return words
    }

    /// The value of an attribute that takes a few words, nil when absent.
    func oneOf(_ words: [String], _ attribute: String) throws(TwiMLError) -> String? {
        guard let value = attributes[attribute] else { return nil }
        guard words.contains(value) else { throw .notSchema("<\(name)> takes \(words.joined(separator: " or ")) as \(attribute)") }
        return value
    }
}
