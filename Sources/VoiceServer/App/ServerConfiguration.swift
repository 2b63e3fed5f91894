import Configuration
import Conversation
import Foundation
import Logging
import Redis

/// All settings of one server, read once at its start.
///
/// Precedence: flag, then environment, then file, then default. An unknown key or an unreadable value is an error that
/// names the key.
package struct ServerConfiguration: Sendable {
    /// The address to listen on.
    package var host = "127.0.0.1"
    /// The port to listen on; 0 lets the system choose.
    package var port = 8000
    /// The address under which Twilio reaches the server, for signatures and TwiML.
    var publicURL: PublicURL?
    /// The certificate and key to secure connections with; nil where a proxy does it, or nobody.
    var tls: TLSFiles?
    /// Database, recordings, token.
    package var dataDirectory = ".agentos"
    /// The REST API's token; nil to make one and keep it in the data directory.
    var apiToken: String?
    /// Tokens that sign Twilio's requests: the account's, and a second one while they are rotated.
    package var twilioAuthTokens: [String] = []
    /// Twilio's account, for its REST API; nil without.
    package var twilioAccountSid: String?
    /// Where several servers share sessions, events and commands; nil for a server that is alone.
    var redis: RedisAddress?
    /// How streams are opened.
    var streamMode = StreamMode.connect
    /// Who gets JSON events on the media socket.
    var streamEvents = StreamEvents.auto
    /// The speech-to-text engine.
    package var stt = "whisper"
    /// A model's name or folder; nil for the best that is there.
    package var whisperModel: String?
    /// What Twilio says before the stream opens, where the agent says nothing else; empty for nothing, nil for the words of the agent's language.
    var welcome: String?
    /// The language of agents that name none, such as `de`; nil for English.
    package var language: String?
    /// How calls are held.
    var call = CallMachine.Configuration()
    /// Whether what happens in calls is kept so that they can be replayed.
    var journal = JournalMode.off
    /// The assistant.
    var chat = "echo"
    /// The voice.
    var tts = "flite"
    /// Which new calls are let in.
    var admission = AdmissionPolicy()
    /// What callers get who are not.
    var refusal = RefusalMode.spoken
    /// How long a call may take, in seconds; the default is Twilio's own limit.
    var longestCallSeconds = 14_400
    /// What counts as running calls suffering, so that no new ones are taken.
    var overload = Overload.Limits()
    /// Sessions that stopped this many days ago are deleted; 0 keeps them.
    var keepDays = 0
    /// How long running calls may go on when the server is told to stop, in seconds.
    var drainSeconds = 30
    /// How long a call whose line was lost is waited for, in seconds.
    var resumeSeconds = 10
    /// Where Twilio's REST API is; nil for Twilio's own.
    var twilioAPIBaseURL: String?
    /// The chat and speech services of agents that name none.
    package var openAI = OpenAISettings()
    /// What the assistant is told it is, where no agent of the file answers; nil for nothing.
    package var prompt: String?
    /// The configuration file; nil where none was named.
    package var file: String?
    /// What the configuration file says about agents, without faults.
    package var agentFile = AgentFile()
    /// The variables that the configuration file may name; none where there is no file.
    private(set) var fileEnvironment: [String: String] = [:]
    /// What the configuration file may have and still should not, by place.
    package private(set) var fileNotes: [ConfigurationFault] = []
    /// What an operator should know of the settings.
    package private(set) var remarks: [SettingRemark] = []
    /// Log entries below this level are dropped.
    var logLevel = Logger.Level.info
    /// How the log's lines look.
    var logFormat = LogFormat.text
    /// Whether the log holds what callers and agents say.
    var logsTranscripts = true
    /// Whether telephone numbers are hidden in the log.
    var maskNumbers = false
    /// The settings that were given, as they were given.
    private(set) var given: [SettingKey: String] = [:]

    /// Reads the settings.
    ///
    /// - Parameters:
    ///   - flags: values given on the command line.
    ///   - environment: the process's environment.
    ///   - file: a YAML file of settings by name.
    /// - Throws: ``StartError`` naming the key at fault.
    package init(flags: [SettingKey: String], environment: [String: String], file: String?) throws(StartError) {
        let sorted = try SettingsEnvironment(environment)
        self.file = file
        if let file {
            let reading = try Self.read(file, sorted.variables)
            agentFile = reading.file
            fileNotes = reading.notes
            fileEnvironment = sorted.variables
        }
        try take(SettingReader(flags: flags, environment: sorted.variables, file: agentFile.settings.mapValues(\.value)))
        remarks = [sorted.remark].compactMap(\.self) + credentialRemarks
    }

    /// Reads the settings of a file alone, to see whether they could be used; `companions` are those given elsewhere that they may need.
    init(file: [SettingKey: String], companions: [SettingKey: String]) throws(StartError) {
        let environment = Dictionary(uniqueKeysWithValues: companions.map { ($0.key.environmentName, $0.value) })
        try take(SettingReader(flags: [:], environment: environment, file: file))
    }

    /// The address that Twilio uses, such as `https://voice.example.com`; nil if it was not given.
    package var publicAddress: String? { publicURL?.base }

    /// Makes the defaults.
    package init() {}

    private mutating func take(_ reader: SettingReader) throws(StartError) {
        for key in SettingKey.allCases { given[key] = reader.text(key) }
        if let value = reader.text(.host) { host = value }
        if let value = try reader.number(.port, in: 0...65_535) { port = value }
        if let value = reader.text(.publicURL) {
            do throws(PublicURL.Problem) {
                publicURL = try PublicURL(configured: value)
            } catch {
                throw reader.fault(.publicURL, error.message, isShown: error.isShown)
            }
        }
        tls = try Self.tlsFiles(reader)
        if let value = reader.text(.dataDir) { dataDirectory = value }
        apiToken = reader.text(.apiToken)
        twilioAuthTokens = [reader.text(.twilioAuthToken), reader.text(.twilioAuthTokenSecondary)].compactMap(\.self)
        twilioAccountSid = reader.text(.twilioAccountSid)
        twilioAPIBaseURL = try reader.serviceURL(.twilioAPIBaseURL)
        openAI = try OpenAISettings(reader)
        prompt = reader.text(.prompt)
        try takeFleet(reader)
        if let value: StreamMode = try reader.choice(.streamMode) { streamMode = value }
        if let value: StreamEvents = try reader.choice(.streamEvents) { streamEvents = value }
        if let value: TurnConfiguration.Segmentation = try reader.choice(.segmentation) { call.turns.segmentation = value }
        if let value = try reader.number(.endSilenceMs, in: 100...5000) { call.turns.endSilenceMs = value }
        try takeManners(reader)
        language = reader.text(.language)
        if let language, !AgentDefinition.isLanguage(language) { throw reader.fault(.language, "is not a language like en or pt-BR, or auto") }
        if let value = reader.text(.stt) { stt = value }
        whisperModel = reader.text(.whisperModel)
        if let value = reader.text(.chat) { chat = value }
        if let value = reader.text(.tts) { tts = value }
        if let value: JournalMode = try reader.choice(.journal) { journal = value }
        try takeLimits(reader)
        if let value = try reader.number(.drainSeconds, in: 0...3600) { drainSeconds = value }
        if let value = try reader.number(.resumeSeconds, in: 0...600) { resumeSeconds = value }
        if let value: Logger.Level = try reader.choice(.logLevel) { logLevel = value }
        if let value: LogFormat = try reader.choice(.logFormat) { logFormat = value }
        if let value = try reader.truth(.logTranscripts) { logsTranscripts = value }
        if let value = try reader.truth(.maskNumbers) { maskNumbers = value }
    }

    /// Reads where certificate and key are: one without the other is an oversight.
    private static func tlsFiles(_ reader: SettingReader) throws(StartError) -> TLSFiles? {
        switch (reader.text(.tlsCert), reader.text(.tlsKey)) {
        case (nil, nil): return nil
        case (let certificate?, let key?): return TLSFiles(certificate: certificate, key: key)
        case (_?, nil): throw reader.fault(.tlsCert, "needs \(SettingKey.tlsKey.flag) (\(SettingKey.tlsKey.environmentName)) beside it")
        case (nil, _?): throw reader.fault(.tlsKey, "needs \(SettingKey.tlsCert.flag) (\(SettingKey.tlsCert.environmentName)) beside it")
        }
    }

    /// Reads what several servers need.
    private mutating func takeFleet(_ reader: SettingReader) throws(StartError) {
        guard let value = reader.text(.redisURL) else { return }
        guard let address = RedisAddress(value) else { throw reader.fault(.redisURL, "is not like redis://:password@host:6379/0") }
        // Stream tokens are made from it: one that each server makes up for itself would keep calls from going on at another.
        guard apiToken != nil else { throw reader.fault(.redisURL, "needs AGENTOS_API_TOKEN, too: the same on every server that shares it") }
        redis = address
    }

    /// Reads what the agent says of its own accord, and when.
    private mutating func takeManners(_ reader: SettingReader) throws(StartError) {
        if let value = reader.textOrEmpty(.welcome) { welcome = value }
        call.greeting = reader.text(.greeting)
        if let value = try reader.number(.greetingProtectedMs, in: 0...10_000) { call.greetingProtectedMs = value }
        if let value = try reader.number(.idlePromptSeconds, in: 0...3600) { call.idlePromptMs = value == 0 ? nil : value * 1000 }
        if let value = reader.text(.idlePrompt) { call.idlePrompt = value }
        if let value = reader.text(.idleGoodbye) { call.idleGoodbye = value }
        if let value = reader.text(.resumeApology) { call.resumeApology = value }
        if let value = try reader.truth(.digitsInterrupt) { call.interruptsOnDigits = value }
    }

    /// Reads a configuration file, which must be without faults.
    private static func read(_ path: String, _ environment: [String: String]) throws(StartError) -> AgentFile.Reading {
        let reading = try AgentFile.read(path, environment: environment)
        guard let fault = reading.faults.first else { return reading }
        let others = reading.faults.count - 1
        let more = others == 0 ? "" : "; and \(others) more: `agentos config check \(path)` lists them"
        throw StartError(.configuration, "\(path):\(fault)\(more)")
    }
}

/// Whether calls are kept so that they can be replayed.
enum JournalMode: String, Sendable, CaseIterable {
    case off
    /// Each call has a file of its own in the data directory.
    case on
}
