/// What a check found wrong: why it failed.
struct CheckFailure: Error, Equatable, CustomStringConvertible {
    /// One line: what was seen instead of what was wanted.
    var description: String

    /// Makes a finding.
    init(_ description: String) {
        self.description = description
    }
}

/// Fails the check that runs unless the condition holds.
func require(_ condition: Bool, _ why: @autoclosure () -> String) throws(CheckFailure) {
    if !condition { throw CheckFailure(why()) }
}

/// Fails the check that runs unless what was seen is what was wanted.
func require<Value: Equatable>(_ what: String, _ seen: Value, is wanted: Value) throws(CheckFailure) {
    if seen != wanted { throw CheckFailure("\(what) is \(shown(seen)), not \(shown(wanted))") }
}

/// A value for people: of an optional, what is in it.
private func shown(_ value: Any) -> String {
    let mirror = Mirror(reflecting: value)
    guard mirror.displayStyle == .optional else { return "\(value)" }
    return mirror.children.first.map { "\($0.value)" } ?? "missing"
}

/// The value, without which the check that runs fails.
func unwrap<Value>(_ value: Value?, _ why: @autoclosure () -> String) throws(CheckFailure) -> Value {
    guard let value else { throw CheckFailure(why()) }
    return value
}
