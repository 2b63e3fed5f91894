import Diagnostics
import Engines
import Foundation
import VoiceServer

/// The models of an installation: the one that comes with it, those that were pulled, and those that can be.
struct ModelShelf: Sendable {
    /// The name of the model that comes with the program.
    static let bundledName = "phone-mini"

    let installation: Installation

    /// Looks at an installation's models.
    init(_ installation: Installation) {
        self.installation = installation
    }

    /// Whether a name means the model that comes with the program.
    static func isBundled(_ name: String) -> Bool {
        [bundledName, "whisper-\(bundledName)"].contains(name)
    }

    /// The catalogue's model of a name.
    ///
    /// - Throws: ``StartError`` that names those there are.
    static func entry(named name: String) throws(StartError) -> ModelCatalog.Entry {
        if let entry = ModelCatalog.entry(named: name) { return entry }
        let known = ModelCatalog.entries.map(\.name).joined(separator: ", ")
        throw StartError(.missingInput, "there is no model '\(name)' to pull; known are \(known)")
    }

    /// The folder of a model that is there and whole.
    ///
    /// - Throws: ``StartError`` when it is not, naming the command that gets it.
    func folder(of name: String) throws(StartError) -> String {
        if Self.isBundled(name) { return try whole(installation.bundledModelFolder) }
        let folder = installation.pulledModelFolder(named: name)
        if !name.contains("/"), FileManager.default.fileExists(atPath: folder) { return try whole(folder) }
        _ = try Self.entry(named: name)
        throw StartError(.missingInput, "the model '\(name)' is not in \(folder); `agentos models pull \(name)` gets it")
    }

    private func whole(_ folder: String) throws(StartError) -> String {
        do {
            return try WhisperModel(folder: folder).folder
        } catch {
            throw StartError(error)
        }
    }

    /// All models, a line each, and which one is in use.
    ///
    /// - Parameters:
    ///   - wanted: the model that the settings name, if they do.
    ///   - costs: what a clip costs with the models of these folders, on this machine.
    /// - Returns: the lines.
    func table(wanted: String?, costs: [String: Duration] = [:]) -> [String] {
        let inUse = Result { try WhisperChoice(wanted.flatMap { $0.isEmpty ? nil : $0 }, installation).model.folder }
        let used = try? inUse.get()
        let rows = rows(inUse: used)
        let width = rows.map(\.name.count).max() ?? 0
        var lines = rows.map { row in
            let name = row.name.padding(toLength: width, withPad: " ", startingAt: 0)
            let state = row.state.padding(toLength: 8, withPad: " ", startingAt: 0)
            let licence = row.licence.padding(toLength: 12, withPad: " ", startingAt: 0)
            let cost = costs[row.folder].map { "\(Int($0 / .milliseconds(1))) ms" } ?? "-"
            let columns = [name, Self.megabytes(row.bytes), state, licence, Self.right(cost, 7), row.summary]
            return "\(row.folder == used ? "*" : " ") " + columns.joined(separator: "  ")
        }
        if !costs.isEmpty { lines.append("The time is what this machine takes to read a sentence of two seconds.") }
        switch inUse {
        case .success(let folder): lines.append("* in use: \(folder)")
        case .failure(let error): lines.append("none in use: \(ErrorText.of(error))")
        }
        return lines
    }

    /// One line of the table.
    private struct Row {
        var name: String
        var folder: String
        var bytes: Int
        var state: String
        var licence = "?"
        var summary: String
    }

    /// The folders of the models that are there and whole.
    var installed: [WhisperModel] {
        rows(inUse: nil).compactMap { try? WhisperModel(folder: $0.folder) }
    }

    private func rows(inUse: String?) -> [Row] {
        let bundled = installation.bundledModelFolder
        var rows = [
            Row(
                name: Self.bundledName,
                folder: bundled,
                bytes: Self.bytes(in: bundled),
                state: "bundled",
                licence: "CC BY-SA 4.0",
                summary: "219 everyday words and digits, to try calls"
            )
        ]
        rows += ModelCatalog.entries.map { entry in
            let folder = installation.pulledModelFolder(named: entry.name)
            let state = Self.state(of: folder)
            // What lies there may come from another source, in another size.
            let bytes = state == "-" ? entry.size : Self.bytes(in: folder)
            return Row(name: entry.name, folder: folder, bytes: bytes, state: state, licence: entry.licence, summary: entry.summary)
        }
        let others = foldersBeside(rows.map(\.folder))
        rows += others.map {
            Row(name: Self.name(ofFolder: $0), folder: $0, bytes: Self.bytes(in: $0), state: "own", summary: "not in the catalogue")
        }
        if let inUse, !rows.contains(where: { $0.folder == inUse }) {
            rows.append(Row(name: inUse, folder: inUse, bytes: Self.bytes(in: inUse), state: "own", summary: "named by the settings"))
        }
        return rows
    }

    private static func state(of folder: String) -> String {
        guard FileManager.default.fileExists(atPath: folder) else { return "-" }
        return (try? WhisperModel(folder: folder)) == nil ? "damaged" : "pulled"
    }

    /// Models that somebody put beside the pulled ones.
    private func foldersBeside(_ known: [String]) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: installation.pulledModelsFolder)) ?? []
        return names.sorted().filter { $0.hasPrefix("whisper-") }.map { "\(installation.pulledModelsFolder)/\($0)" }.filter { !known.contains($0) }
    }

    private static func name(ofFolder folder: String) -> String {
        String(URL(fileURLWithPath: folder).lastPathComponent.dropFirst("whisper-".count))
    }

    private static func bytes(in folder: String) -> Int {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.reduce(0) { sum, name in
            let attributes = try? FileManager.default.attributesOfItem(atPath: "\(folder)/\(name)")
            return sum + ((attributes?[.size] as? NSNumber)?.intValue ?? 0)
        }
    }

    private static func megabytes(_ bytes: Int) -> String { right("\((bytes + 500_000) / 1_000_000) MB", 7) }

    private static func right(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }
}
