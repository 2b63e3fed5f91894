import Engines
import Foundation

/// The settings in force, as the trail may hold them.
struct AuditedSettings: Sendable {
    /// The state that keeps them from one start to the next.
    private static let state = "settings"

    /// By name; a secret is only a digest that shows when it changes.
    private let values: [String: String]

    /// The settings that were given; those that were not have their defaults.
    init(_ given: [SettingKey: String], digest: (String) -> String) {
        let mask = NumberMask(isOn: true)
        let shown = given.map { key, value in
            if key.isSecret { return (key.rawValue, "secret \(digest(value))") }
            // A caller's number in a setting could not be erased from the trail.
            let masked = mask.text(value)
            return (key.rawValue, masked == value ? value : "\(masked) \(digest(value))")
        }
        values = Dictionary(shown) { first, _ in first }
    }

    /// What to record at start: nothing when the settings are those of the last start.
    func change(since keys: AuditKeys) throws -> AuditEvent? {
        let text = try JSONValue.object(json).text()
        let last = try keys.state(Self.state)
        guard text != last else { return nil }
        let before = last.flatMap { try? JSONDecoder().decode([String: String].self, from: Data($0.utf8)) } ?? [:]
        let names = Set(values.keys).union(before.keys).filter { values[$0] != before[$0] }
        return .settingsChanged(names.sorted(), settings: json)
    }

    /// Keeps them for the next start.
    func keep(in keys: AuditKeys) throws {
        try keys.setState(Self.state, try JSONValue.object(json).text())
    }

    /// The settings by name.
    var json: [String: JSONValue] { values.mapValues { .string($0) } }
}
