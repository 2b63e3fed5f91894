/// Tries the settings of a file as a start would.
struct SettingsCheck {
    /// What may stand in the environment alone and be needed beside a setting of the file.
    private static let companions: [SettingKey] = [.apiToken, .tlsCert, .tlsKey, .openaiFallbackBaseURL]
    private static let engines: [(key: SettingKey, names: [String])] = [
        (.stt, EngineLoader.transcribers), (.chat, EngineLoader.assistants), (.tts, EngineLoader.voices),
    ]

    let settings: [SettingKey: Located<String>]
    let environment: [String: String]

    /// What is wrong: a start stops at the first fault, so that it is tried again without the setting at fault.
    var faults: [ConfigurationFault] {
        var faults = engineFaults
        var left = settings.mapValues(\.value)
        while true {
            do throws(StartError) {
                _ = try ServerConfiguration(file: left, companions: companions(of: left))
                return faults
            } catch {
                guard let setting = error.setting, let place = settings[setting.key]?.place, left.removeValue(forKey: setting.key) != nil else {
                    return faults
                }
                faults.append(ConfigurationFault(place: place, path: setting.key.rawValue, message: setting.problem))
            }
        }
    }

    private func companions(of left: [SettingKey: String]) -> [SettingKey: String] {
        let given = Self.companions.filter { left[$0]?.isEmpty ?? true }.compactMap { key in environment[key.environmentName].map { (key, $0) } }
        return Dictionary(given) { first, _ in first }
    }

    private var engineFaults: [ConfigurationFault] {
        Self.engines.compactMap { key, names in
            guard let given = settings[key], !given.value.isEmpty, !names.contains(given.value) else { return nil }
            return ConfigurationFault(place: given.place, path: key.rawValue, message: "is not one of \(names.joined(separator: ", "))")
        }
    }
}
