/// The first thing in a trail that is not as it was written.
package struct AuditFault: Sendable, Equatable, CustomStringConvertible {
    /// What was done to a record.
    package enum Kind: Sendable, Equatable {
        /// Its bytes do not have its hash.
        case altered
        /// Its hash was made anew, or it was put there: the record after it, or a head that was noted, tells of another one.
        case replaced
        /// It is not there; `last` is the last of those that are missing with it.
        case dropped(last: Int)
        /// Another record stands in its place, and it comes later, on this line.
        case moved(to: Int, found: Int)
        /// It stands here although its place is elsewhere, or was taken before.
        case inserted
        /// The file ends within it.
        case cut
        /// The note of the newest record is not there or cannot be read.
        case anchor(String)
    }

    /// What was done.
    package var kind: Kind
    /// The record's number.
    package var number: Int
    /// The line of the file where it shows.
    package var line: Int

    package var description: String {
        switch kind {
        case .altered: "record \(number) was altered: the bytes of line \(line) do not have its hash"
        case .replaced: "record \(number) was altered and its hash made anew, or put there: line \(line) does not hold the one that was written"
        case .dropped(let last) where last == number: "record \(number) was dropped: it should stand on line \(line)"
        case .dropped(let last): "record \(number) was dropped, and all up to record \(last): it should stand on line \(line)"
        case .moved(let place, let found): "record \(number) was moved to line \(place): line \(line) holds record \(found)"
        case .inserted: "record \(number) was duplicated or inserted: line \(line) is not its place"
        case .cut: "record \(number) was cut off: line \(line) has no end"
        case .anchor(let problem): "\(problem); records after number \(number) may have been dropped"
        }
    }
}
