import Foundation

/// A configuration file: the server's settings, and the agents with what they refer to.
package struct AgentFile: Sendable {
    /// The server's settings that it gives, as it gives them.
    package var settings: [SettingKey: Located<String>] = [:]
    /// The chat and speech services that agents may name.
    package var endpoints: [EndpointDefinition] = []
    /// The tools that agents may name.
    package var tools: [ToolDefinition] = []
    /// The agents, in the file's order.
    package var agents: [AgentDefinition] = []
    /// Where agents, by name, say which language they speak, and what that is called in messages.
    var languagePlaces: [String: Located<String>] = [:]
    /// Where agents, by name, stand, and what they are called in messages.
    var places: [String: Located<String>] = [:]
    /// Whether it says nothing at all.
    package var isEmpty = true
    /// Which version of the file it is; nil where it did not come from one.
    var stamp: FileStamp?

    /// What reading a file came to.
    package struct Reading: Sendable {
        /// What the file says, as far as it could be read.
        package var file = AgentFile()
        /// What is wrong in it, by place; only a file without faults is to be used.
        package var faults: [ConfigurationFault] = []
        /// What is allowed but has no effect, such as a rule of a tool's schema that is not checked; by place.
        package var notes: [ConfigurationFault] = []
    }

    /// A file that says nothing.
    package init() {}

    /// Reads a file and checks all of it: the agents, and the settings by the rules that hold at a start.
    ///
    /// - Throws: ``StartError`` where there is no such file.
    package static func check(_ path: String, environment: [String: String]) throws(StartError) -> Reading {
        try check(path, environment: environment, languages: nil)
    }

    /// Checks a file for a server whose engines know these languages; nil for those that the file's settings would load.
    static func check(_ path: String, environment: [String: String], languages: SpeechLanguages?) throws(StartError) -> Reading {
        var reading = try read(path, environment: environment)
        let settings = reading.file.settings
        let languages = languages ?? SpeechLanguages(reading.file, environment: environment)
        reading.faults += SettingsCheck(settings: settings, environment: environment).faults + languages.faults(in: reading.file)
        reading.faults.sort()
        reading.notes = (reading.notes + reading.file.missingPrompts(environment)).sorted()
        return reading
    }

    /// What a setting is, by environment and file.
    func given(_ key: SettingKey, _ environment: [String: String]) -> String? {
        [environment[key.environmentName], settings[key]?.value].compactMap { $0.map(SettingText.trimmed) }.first { !$0.isEmpty }
    }

    /// The agents that ask a model and have no prompt of their own.
    private func missingPrompts(_ environment: [String: String]) -> [ConfigurationFault] {
        guard given(.prompt, environment) == nil else { return [] }
        let asksModel = given(.chat, environment) == AgentDefinition.Chat.openai.rawValue
        return agents.compactMap { agent in
            guard agent.prompt == nil, agent.chat == .openai || agent.chat == nil && asksModel, let place = places[agent.name] else { return nil }
            return ConfigurationFault(place: place.place, path: place.value, message: AgentPrompt.missing)
        }
    }

    /// Reads a file, without checking the values of its settings.
    static func read(_ path: String, environment: [String: String]) throws(StartError) -> Reading {
        // Looked at first: what is written while it is read makes it another version.
        let stamp = FileStamp(path)
        guard let handle = FileHandle(forReadingAtPath: path), let data = try? handle.read(upToCount: YAMLText.mostBytes + 1) ?? Data() else {
            throw StartError(.missingInput, "the configuration file \(path) cannot be read; check the path and its permissions")
        }
        var reading = read(Array(data), environment: environment)
        reading.file.stamp = stamp
        return reading
    }

    /// Reads a file's bytes, without checking the values of its settings.
    static func read(_ bytes: [UInt8], environment: [String: String]) -> Reading {
        let text: YAMLText
        do throws(ConfigurationFault) {
            text = try YAMLText(bytes)
        } catch {
            return Reading(faults: [error])
        }
        let tooLong = ConfigurationFault(place: .start, path: "", message: "the file takes too long to read: its aliases repeat too much")
        return DeepStack.run { read(text, environment: environment) } ?? Reading(faults: [tooLong])
    }

    private static func read(_ text: YAMLText, environment: [String: String]) -> Reading {
        let faults = YAMLFaults(text, environment: environment)
        let file = YAMLDocument.compose(text, faults).map { AgentFile(YAMLValue(node: $0, path: "", faults: faults)) }
        return Reading(file: file ?? AgentFile(), faults: faults.all, notes: faults.notes)
    }
}
