extension AgentFile {
    private static let endpointsKey = "endpoints"
    private static let toolsKey = "tools"
    private static let agentsKey = "agents"
    private static let parts = [agentsKey, toolsKey, endpointsKey]

    /// Reads the whole file.
    init(_ whole: YAMLValue) {
        self.init()
        guard whole.isMapping else {
            if !whole.isNull { whole.note("the file must hold settings as lines of name: value") }
            return
        }
        let members = whole.members()
        isEmpty = members.isEmpty
        for member in members where !Self.parts.contains(member.name) { takeSetting(member) }
        let part = { (name: String) in members.first { $0.name == name }?.value }
        let endpoints = part(Self.endpointsKey)?.members().map { ($0.name, EndpointDefinition.read($0)) } ?? []
        let tools = part(Self.toolsKey)?.members().map { ($0.name, ToolDefinition.read($0)) } ?? []
        self.endpoints = endpoints.compactMap(\.1)
        self.tools = tools.compactMap(\.1)
        var reader = AgentReader(
            endpoints: Dictionary(endpoints) { first, _ in first },
            tools: Dictionary(tools) { first, _ in first }
        )
        for value in part(Self.agentsKey)?.items() ?? [] {
            if let agent = reader.read(value) { agents.append(agent) }
        }
        languagePlaces = reader.languagePlaces
        places = reader.places
    }

    private mutating func takeSetting(_ member: YAMLMember) {
        guard let key = SettingKey(rawValue: member.name) else {
            let known = SettingKey.allCases.map(\.rawValue) + Self.parts
            member.value.faults.add(YAMLValue.unknown(member.name, "setting", known), at: member.place, path: "")
            return
        }
        guard let text = member.value.single else {
            member.value.note("\(key.rawValue) must have a single value")
            return
        }
        if key == .prompt { member.value.notePlaceholders() }
        guard !key.isText, !member.value.isNull else {
            settings[key] = Located(value: member.value.isNull ? "" : text, place: member.value.place)
            return
        }
        // The address of Redis is a secret only with a password in it.
        if key.isSecret, key != .redisURL || text.contains("@") { member.value.noteLiteralSecret() }
        switch EnvironmentText.filled(text, from: member.value.faults.environment) {
        case .success(let filled): settings[key] = Located(value: filled, place: member.value.place)
        case .failure(let problem): member.value.note(problem.message)
        }
    }
}
