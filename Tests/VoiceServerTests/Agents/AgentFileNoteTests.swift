import Foundation
import Testing

@testable import VoiceServer

/// What a configuration file may have, and its writer probably did not want.
@Suite struct AgentFileNoteTests {
    private func notes(_ text: String, environment: [String: String] = [:]) throws -> [String] {
        let folder = FolderFixture()
        try folder.make()
        defer { folder.remove() }
        let path = folder.path + "/agentos.yaml"
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        let reading = try AgentFile.check(path, environment: environment)
        #expect(reading.faults == [])
        return reading.notes.map(\.description)
    }

    @Test func anAgentWithoutAPromptIsNotedWhereAModelIsAsked() throws {
        let endpoints = "stt: scripted\nendpoints: {main: {url: \"http://h:1/v1\"}}\n"
        let missing = "agents[0]: \(AgentPrompt.missing)"
        #expect(try notes(endpoints + "agents: [{name: a, endpoint: main}, {name: b, numbers: \"+1415\"}]") == ["3:10: \(missing)"])
        #expect(try notes(endpoints + "prompt: You sell shoes.\nagents: [{name: a, endpoint: main}]") == [])
        #expect(try notes(endpoints + "agents: [{name: a, endpoint: main}]", environment: ["AGENTOS_PROMPT": "You sell shoes."]) == [])
        #expect(try notes("stt: scripted\nagents: [{name: a}]") == [])
        #expect(try notes("stt: scripted\nagents: [{name: a}]", environment: ["AGENTOS_CHAT": "openai"]) == ["2:10: \(missing)"])
    }

    @Test func aKeyThatIsWrittenOutIsNotedAndNotShown() throws {
        let text = """
            stt: scripted
            twilio_auth_token: hush-hush
            redis_url: "redis://cache"
            api_token: "0123456789abcdef"
            endpoints: {main: {url: "http://h:1/v1", key: hush-hush}, other: {url: "http://h:2/v1", key: "${KEY}"}}
            tools: {t: {description: d, url: "http://h:3/", headers: {Authorization: "Bearer hush-hush", Accept: "text/plain"}}}
            """
        let notes = try notes(text, environment: ["KEY": "k"])
        #expect(notes.count == 4 && notes.allSatisfy { $0.hasSuffix("keep it in the environment and write ${NAME} here") && !$0.contains("hush") })
        let paths = notes.compactMap { $0.split(separator: " ").dropFirst().first }
        #expect(paths == ["twilio_auth_token:", "api_token:", "endpoints.main.key:", "tools.t.headers.Authorization:"])
    }

    @Test func placeholdersThatAreNotFilledInAreNoted() throws {
        let text = """
            stt: scripted
            prompt: "It is {{time}}, {{ date }}."
            agents: [{name: a, prompt: "Say {{caler}} and ${NAME}."}]
            """
        let notes = try notes(text)
        #expect(notes.count == 3)
        #expect(notes[0] == "2:9: prompt: {{ date }} is not filled in; did you mean `date`?")
        #expect(notes[1].hasPrefix("3:28: agents[0].prompt: ${NAME} is not filled in here"))
        #expect(notes[2] == "3:28: agents[0].prompt: {{caler}} is not filled in; did you mean `caller`?")
    }
}
