import ArgumentParser

/// When in a call something is done to the server: `5s`, `1500ms`, or seconds.
struct KillMoment: ExpressibleByArgument, Equatable {
    /// From the beginning of the call.
    let after: Duration

    /// Reads a moment up to ten minutes.
    init?(argument: String) {
        let isMilliseconds = argument.hasSuffix("ms")
        let digits = isMilliseconds ? argument.dropLast(2) : argument.hasSuffix("s") ? argument.dropLast() : argument[...]
        guard let number = Double(digits), number > 0, number <= (isMilliseconds ? 600_000 : 600) else { return nil }
        after = isMilliseconds ? .milliseconds(number) : .seconds(number)
    }
}
