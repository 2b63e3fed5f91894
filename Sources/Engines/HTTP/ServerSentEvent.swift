/// One event of a server's event stream.
package struct ServerSentEvent: Sendable, Equatable {
    /// What kind of event it is; empty where the server does not say.
    package var name: String
    /// What it carries.
    package var data: String

    /// Makes an event.
    package init(name: String = "", data: String) {
        self.name = name
        self.data = data
    }
}

/// An event stream that cannot be read.
package struct ServerSentEventError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What is wrong with it.
    package var description: String
}
