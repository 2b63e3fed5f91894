import Configuration

/// Reads settings by name from flags, environment and file, in this order.
struct SettingReader {
    private let providers: [(source: String, reader: ConfigReader)]

    /// Makes a reader of these sources.
    init(flags: [SettingKey: String], environment: [String: String], file: [SettingKey: String]) {
        let variables = Dictionary(uniqueKeysWithValues: SettingKey.allCases.compactMap { key in environment[key.environmentName].map { (key, $0) } })
        providers = [("flag", Self.reader(flags)), ("environment", Self.reader(variables)), ("file", Self.reader(file))]
    }

    /// The value of a setting, trimmed; an empty one counts as absent.
    func text(_ key: SettingKey) -> String? {
        found(key)?.value
    }

    /// The value of a setting for which an empty one means something.
    func textOrEmpty(_ key: SettingKey) -> String? {
        providers.lazy.compactMap { $0.reader.string(forKey: ConfigKey([key.rawValue]), isSecret: key.isSecret) }.first.map(SettingText.trimmed)
    }

    /// A whole number.
    func number(_ key: SettingKey, in range: ClosedRange<Int>) throws(StartError) -> Int? {
        guard let text = text(key) else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw fault(key, "is not a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// `true` or `false`.
    func truth(_ key: SettingKey) throws(StartError) -> Bool? {
        guard let text = text(key) else { return nil }
        guard let truth = Bool(text) else { throw fault(key, "is not true or false") }
        return truth
    }

    /// One of a few words.
    func choice<Choice: RawRepresentable<String> & CaseIterable>(_ key: SettingKey) throws(StartError) -> Choice? {
        guard let text = text(key) else { return nil }
        guard let choice = Choice(rawValue: text) else {
            throw fault(key, "is not one of \(Choice.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return choice
    }

    /// An error that names a setting as its source names it; `isShown` is false where the value could hold a secret.
    func fault(_ key: SettingKey, _ problem: String, isShown: Bool = true) -> StartError {
        guard let (value, source) = found(key) else { return StartError(.configuration, "\(key.rawValue) \(problem)") }
        let name = ["flag": key.flag, "environment": key.environmentName][source] ?? "\(key.rawValue) in the configuration file"
        let told = key.isSecret || !isShown ? problem : "\(problem): \(LogField.quoted(value))"
        var error = StartError(.configuration, "\(name) \(told)")
        error.setting = SettingFault(key: key, problem: told)
        return error
    }

    /// The address of a service, without slashes at its end.
    func serviceURL(_ key: SettingKey) throws(StartError) -> String? {
        guard let text = text(key) else { return nil }
        if let problem = ServiceURL.problem(text, mayHaveQuery: false) { throw fault(key, problem, isShown: false) }
        return ServiceURL.base(text)
    }

    private func found(_ key: SettingKey) -> (value: String, source: String)? {
        for (source, reader) in providers {
            guard let value = reader.string(forKey: ConfigKey([key.rawValue]), isSecret: key.isSecret).map(SettingText.trimmed) else { continue }
            if !value.isEmpty { return (value, source) }
        }
        return nil
    }

    private static func reader(_ values: [SettingKey: String]) -> ConfigReader {
        let entries = values.map { (AbsoluteConfigKey([$0.key.rawValue]), ConfigValue(.string($0.value), isSecret: $0.key.isSecret)) }
        return ConfigReader(provider: InMemoryProvider(values: Dictionary(uniqueKeysWithValues: entries)))
    }
}
