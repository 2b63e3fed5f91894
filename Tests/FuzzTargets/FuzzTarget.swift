/// Something that reads what strangers send: what it is fed, and what must hold of whatever it makes of that.
package struct FuzzTarget: Sendable {
    /// How it is called on the command line.
    package let name: String
    /// Inputs that are as they should be; damaged ones are made of them.
    package let seeds: [[UInt8]]
    /// What matters in its language; insertions favour these.
    package let alphabet: String
    /// Feeds it any bytes at all; throws ``BrokenPromise`` when something does not hold.
    package let feed: @Sendable ([UInt8]) throws -> Void

    /// All of them.
    package static let all = [mediaMessage, serverMessage, twiMLDocument, twiMLText, signature, form, wav, resp]
}

/// Something that must hold and did not.
package struct BrokenPromise: Error, CustomStringConvertible {
    /// What.
    package let description: String

    /// Breaks off unless `isKept`.
    static func unless(_ isKept: Bool, _ promise: @autoclosure () -> String) throws {
        if !isKept { throw BrokenPromise(description: promise()) }
    }
}
