import Yams

/// What reading a file has found wrong so far, and how much more of it may be looked at.
///
/// A file is read to its end whatever is wrong in it: whoever mends it wants to know everything at once.
final class YAMLFaults {
    /// The most faults that are told.
    static let most = 100
    /// The most nodes that are looked at: aliases can make a small file endless.
    private static let mostNodes = 200_000

    /// The variables that the file may name.
    let environment: [String: String]
    private let text: YAMLText
    private var found: Set<ConfigurationFault> = []
    private var noted: Set<ConfigurationFault> = []
    private var nodes = 0

    init(_ text: YAMLText, environment: [String: String]) {
        self.text = text
        self.environment = environment
    }

    /// All of them, by place.
    var all: [ConfigurationFault] { found.sorted() }

    /// What the file may have, but does not have the effect that its writer may expect; by place.
    var notes: [ConfigurationFault] { noted.sorted() }

    /// Where the parser saw something.
    func place(_ mark: Mark?) -> FilePlace { text.place(mark) }

    /// Notes one.
    func add(_ message: String, at place: FilePlace, path: String) {
        guard found.count < Self.most else { return }
        found.insert(ConfigurationFault(place: place, path: path, message: message))
    }

    /// Notes something that is not a fault.
    func addNote(_ message: String, at place: FilePlace, path: String) {
        guard noted.count < Self.most else { return }
        noted.insert(ConfigurationFault(place: place, path: path, message: message))
    }

    /// Whether so many more nodes may be looked at.
    func mayVisit(_ count: Int) -> Bool {
        guard nodes <= Self.mostNodes else { return false }
        nodes += count + 1
        guard nodes > Self.mostNodes else { return true }
        add("the file holds too much, counting what its aliases repeat", at: .start, path: "")
        return false
    }
}
