import Conversation
import Foundation
import NIOHTTP1
import Testing
import Twilio

@testable import VoiceServer

/// The fixed sentences that callers hear are the operator's.
@Suite struct PhraseTests {
    private static let file = """
        agents:
          - name: desk
            numbers: "+14155550001"
            language: de
            welcome: "Einen Moment."
            phrases:
              refused: "Leider nein."
              lost: "Die Verbindung ist weg."
              unavailable: "Bitte spaeter."
              resumed: "Da bin ich wieder."
              goodbye: "Auf Wiedersehen."
          - name: others
            welcome: ""
        """

    private func withAgents(_ settings: [SettingKey: String] = [:], _ body: @escaping @Sendable (TestServer) async throws -> Void) async throws {
        let folder = FolderFixture()
        defer { folder.remove() }
        try FileManager.default.createDirectory(atPath: folder.path, withIntermediateDirectories: true)
        let path = folder.path + "/agentos.yaml"
        // The voice speaks English alone: what is tested here is Twilio's.
        try Self.file.replacing("language: de", with: "language: en-GB").write(toFile: path, atomically: true, encoding: .utf8)
        try await withServer(settings, folder: folder.path + "/data", file: path, body)
    }

    private func verbs(_ server: TestServer, to: String, from: String = "+14155551234") async throws -> [TwiML.Verb] {
        try TwiML(parsing: try await server.inbound(callSid: newCallSid(), from: from, to: to).text).verbs
    }

    @Test func theWelcomeIsTheAgents() async throws {
        try await withAgents { (server: TestServer) async throws in
            #expect(try await verbs(server, to: "+14155550001").first == .say("Einen Moment.", voice: "alice", language: "en-GB"))
            guard case .connect? = try await verbs(server, to: "+14155559999").first else {
                Issue.record("an empty welcome says nothing")
                return
            }
        }
    }

    @Test func theWelcomeOfTheServerIsForAgentsWithoutOne() async throws {
        try await withServer([.welcome: "One moment."]) { (server: TestServer) async throws in
            #expect(try await verbs(server, to: "+14155550001").first == .say("One moment.", voice: "alice"))
        }
        try await withServer([.welcome: ""]) { (server: TestServer) async throws in
            let first = try await verbs(server, to: "+14155550001").first
            if case .say? = first { Issue.record("an empty welcome says nothing") }
        }
        try await withServer { (server: TestServer) async throws in
            #expect(try await verbs(server, to: "+14155550001").first == .say("Connecting to agent.", voice: "alice"))
        }
    }

    @Test func refusalsAreInTheAgentsWords() async throws {
        try await withAgents([.blockedNumbers: "+1900*"]) { (server: TestServer) async throws in
            let own = try await verbs(server, to: "+14155550001", from: "+19005551234")
            #expect(own == [.say("Leider nein.", voice: "alice", language: "en-GB"), .hangup])
            let usual = try await verbs(server, to: "+14155559999", from: "+19005551234")
            #expect(usual == [.say("Sorry, we cannot take your call.", voice: "alice"), .hangup])
        }
    }

    @Test func theSessionNamesItsAgent() async throws {
        try await withAgents { (server: TestServer) async throws in
            for (number, name) in [("+14155550001", "desk"), ("+14155559999", "others")] {
                let callSid = newCallSid()
                _ = try await server.inbound(callSid: callSid, to: number)
                let path = "/api/voice/sessions/twilio-\(callSid)"
                #expect(try await server.request(.GET, path).json["agent"] as? String == name)
                #expect(try await server.request(.GET, path + "/transcript").json["agent"] as? String == name)
                let created = try await server.events(callSid: callSid, until: "voice.session.created")
                #expect((created.first?["session"] as? [String: Any])?["agent"] as? String == name)
            }
        }
    }

    @Test func phrasesReachTheCall() throws {
        let folder = FolderFixture()
        defer { folder.remove() }
        try FileManager.default.createDirectory(atPath: folder.path, withIntermediateDirectories: true)
        let path = folder.path + "/agentos.yaml"
        try Self.file.write(toFile: path, atomically: true, encoding: .utf8)
        let configuration = try ServerConfiguration(flags: [:], environment: [:], file: path)
        let desk = try #require(configuration.agentFile.agents.first)
        let call = configuration.streamedCall(by: desk)
        #expect(call.resumeApology == "Da bin ich wieder." && call.goodbye == "Auf Wiedersehen.")
        #expect(call.timeLimitGoodbye == AgentPhrase.timeLimit.usualWords(in: "de"))
        #expect(LineVoice(desk).say(.busy) == [.say(AgentPhrase.busy.usualWords(in: "de"), voice: "alice", language: "de-DE")])
    }

    /// A German agent's callers hear no English, whatever goes wrong.
    @Test(arguments: ["de", "es", "fr", "it", "pt"]) func anAgentsFixedPhrasesAreInItsLanguage(language: String) {
        var agent = AgentDefinition(name: "a")
        agent.language = language
        let call = ServerConfiguration().streamedCall(by: agent)
        let english = Set(ServerConfiguration().streamedCall(by: .usual).fixedPhrases)
        #expect(english.isDisjoint(with: call.fixedPhrases) && call.fixedPhrases.count >= english.count)
        for phrase in AgentPhrase.allCases {
            #expect(phrase.usualWords(in: language) != phrase.usualWords(), "\(phrase)")
        }
        let tag = LineVoice.tag(language)
        #expect(LineVoice(agent).say(.lost) == [.say(AgentPhrase.lost.usualWords(in: language), voice: "alice", language: tag)])
    }

    @Test func theLanguageOfTheServerIsThatOfAgentsThatNameNone() throws {
        let configuration = try ServerConfiguration(flags: [.language: "de-AT", .idlePrompt: "Hallo?", .tts: "tone"], environment: [:], file: nil)
        var agent = AgentDefinition(name: "a")
        agent.language = configuration.language
        let call = configuration.streamedCall(by: agent)
        #expect(call.turns.language == "de" && call.idlePrompt == "Hallo?" && call.goodbye == "Auf Wiederhören.")
        let fault = #expect(throws: StartError.self) { try ServerConfiguration(flags: [:], environment: ["AGENTOS_LANGUAGE": "klingon"], file: nil) }
        #expect(fault?.message.contains("AGENTOS_LANGUAGE") == true)
    }

    @Test func theFirstWordsOfAGermanServerAreGerman() async throws {
        try await withServer([.language: "de"]) { (server: TestServer) async throws in
            let document = try TwiML(parsing: try await server.inbound(callSid: newCallSid()).text)
            #expect(document.verbs.first == .say("Sie werden verbunden.", voice: "alice", language: "de-DE"))
        }
    }

    @Test func aServerWhoseVoiceLacksTheLanguageDoesNotStart() async throws {
        for language in ["de", "auto"] {
            let settings: [SettingKey: String] = [.language: language, .tts: "flite"]
            let fault = await #expect(throws: StartError.self) { try await withServer(settings) { _ in } }
            #expect(fault?.message.contains("AGENTOS_LANGUAGE") == true && fault?.message.contains("flite") == true)
        }
    }

    @Test func anUnknownPhraseIsAFault() throws {
        let folder = FolderFixture()
        defer { folder.remove() }
        try FileManager.default.createDirectory(atPath: folder.path, withIntermediateDirectories: true)
        let path = folder.path + "/agentos.yaml"
        try "agents:\n  - name: a\n    phrases: {hello: Hi}\n".write(toFile: path, atomically: true, encoding: .utf8)
        let fault = #expect(throws: StartError.self) { try ServerConfiguration(flags: [:], environment: [:], file: path) }
        #expect(fault?.message.contains("hello") == true)
    }

    @Test(
        arguments: [("de", "de-DE"), ("en-GB", "en-GB"), ("pt", "pt-BR"), ("pt_PT", "pt-PT"), ("tlh", nil), ("zh-Hant", "zh-CN")]
            as [(String, String?)]
    )
    func twiliosVoiceIsToldTheLanguage(language: String, tag: String?) {
        #expect(LineVoice.tag(language) == tag)
    }
}
