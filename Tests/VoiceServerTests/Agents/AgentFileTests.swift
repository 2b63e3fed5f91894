import Engines
import Testing

@testable import VoiceServer

/// What a configuration file says about agents.
@Suite struct AgentFileTests {
    private func agents(_ text: String) throws -> [AgentDefinition] {
        let reading = SampleAgentFile.read(text)
        try #require(reading.faults.isEmpty, "\(reading.faults)")
        return reading.file.agents
    }

    @Test func aFileWithEverythingIsRead() throws {
        let reading = SampleAgentFile.read(SampleAgentFile.text)
        #expect(reading.faults.isEmpty)
        #expect(reading.file.settings.mapValues(\.value) == [.port: "8000", .stt: "whisper"])
        #expect(reading.file.settings[.stt]?.place == FilePlace(line: 2, column: 6))
        #expect(reading.file.endpoints.map(\.name) == ["main", "backup", "ears", "voice"])
        let main = EndpointDefinition(name: "main", url: "https://api.openai.com/v1", key: Secret("sk-very-secret-1"), model: "gpt-4o-mini")
        let backup = EndpointDefinition(name: "backup", url: "http://127.0.0.1:11434/v1", model: "llama3.1")
        let agent = try #require(reading.file.agents.first)
        #expect(agent.name == "booking" && agent.numbers == ["+14155550100", "sip:booking@example.com"] && agent.project == "salon")
        #expect(agent.prompt == "You take bookings. Today is {{date}}.\n" && agent.greeting == "Hello, this is the salon.")
        #expect(agent.chat == .openai && agent.endpoints == [main, backup] && agent.hearing?.name == "ears" && agent.voice?.voice == "af_sky")
        #expect(agent.temperature == 0.3 && agent.maxTokens == 300 && agent.firstTokenMs == 6000 && agent.betweenTokensMs == 4000)
        #expect(agent.retries == 1 && agent.memory == .init(tokens: 6000, whenFull: .summarize) && agent.language == "en")
        #expect(agent.greetingProtectedMs == 0 && agent.endSilenceMs == 700 && agent.idlePromptSeconds == 10)
        #expect(agent.idlePrompt == "Are you still there?" && agent.idleGoodbye == "Goodbye.")
        #expect(agent.longestCallSeconds == 3600 && agent.digitsInterrupt == true)
        #expect(agent.transfers == [.init(name: "front_desk", targets: ["+14155550199"])])
        #expect(agent.tools.map(\.name) == ["end_call", "transfer_call", "send_dtmf", "find_slots"])
        let silence = agent.silence
        #expect(silence.fillerAfterMs == 3000 && silence.fillers == ["One moment, please.", "Still looking."] && silence.giveUpAfterMs == 13_000)
        #expect(silence.failures == 3 && silence.then == .transfer && silence.transfer == "front_desk")
    }

    @Test func aToolOfOnesOwnIsRead() throws {
        let tool = try #require(SampleAgentFile.read(SampleAgentFile.text).file.tools.first)
        let schema = try JSONValue(
            parsing: """
                {"type":"object","required":["day"],
                 "properties":{"day":{"type":"string","format":"date"},"seats":{"minimum":1,"maximum":2.5}}}
                """
        )
        #expect(tool.name == "find_slots" && tool.description == "Finds free tables." && tool.parameters == schema)
        #expect(tool.url == "https://book.example.com/slots?shop=1" && tool.method == .post && tool.timeoutMs == 8000)
        #expect(tool.headers == [.init(name: "Authorization", value: Secret("Bearer token-very-secret-2"))])
        #expect(tool.filler == "Let me look that up.")
    }

    @Test(arguments: [
        "https://book.example.com/{shop}/slots?day={day}", "http://127.0.0.1:1/{day}", "https://x.example/a{day}b/{shop}.json?key=${BOOKING_TOKEN}",
        "HTTPS://x.example/?d={day}&s={shop}",
    ])
    func anAddressMayHavePlacesForArguments(_ url: String) throws {
        let whole = "    parameters: {type: object, properties: {day: {type: string}, shop: {type: string}}}\n"
        let schemas = ["", "    parameters:\n", "    parameters: {}\n", whole]
        for schema in schemas {
            let text = "tools:\n  t:\n    description: d\n    url: \"\(url)\"\n\(schema)agents: [{name: a, tools: [t]}]\n"
            let reading = SampleAgentFile.read(text)
            #expect(reading.faults.map(\.description) == [])
            let tool = try #require(reading.file.tools.first?.httpTool)
            #expect(tool.declaration.parameters["properties"]?["day"] == .object(["type": .string("string")]))
        }
    }

    @Test func aToolNeedsNothingButADescriptionAndAnAddress() throws {
        for schema in ["", "    parameters:\n", "    parameters: {}\n", "    parameters: null\n", "    parameters: {properties: {}}\n"] {
            let reading = SampleAgentFile.read("tools:\n  t:\n    description: d\n    url: http://h/\n\(schema)")
            #expect(reading.faults.map(\.description) == [])
            let sent = try #require(reading.file.tools.first?.httpTool?.declaration.parameters)
            #expect(try sent.text() == #"{"properties":{},"type":"object"}"#)
        }
    }

    @Test func whatASchemaHasThatIsNotCheckedIsNoted() {
        let text = """
            tools:
              t:
                description: d
                url: http://h/
                parameters:
                  properties:
                    phone: {type: string, format: phone}
                    code:
                      pattern: "^(?!x)a$"
                      x-hint: y
                  x-order: [phone]
            """
        let reading = SampleAgentFile.read(text)
        #expect(reading.faults.map(\.description) == [])
        let unknown = "is not checked: the keyword is unknown here; the model gets it as it is"
        #expect(
            reading.notes.map(\.description) == [
                "7:31: tools.t.parameters.properties.phone.format: is not checked: the format is unknown here; the model gets it as it is",
                "9:11: tools.t.parameters.properties.code.pattern: is not checked: a lookahead is not supported here; the model gets it as it is",
                "10:11: tools.t.parameters.properties.code.x-hint: \(unknown)", "11:7: tools.t.parameters.x-order: \(unknown)",
            ]
        )
        let sent = reading.file.tools.first?.httpTool?.declaration.parameters
        #expect(sent?["properties"]?["phone"]?["format"] == .string("phone") && sent?["x-order"] != nil)
    }

    @Test func whatIsNotSaidIsAsTheServerIsSet() throws {
        let agent = try #require(try agents("agents: [{name: a}]").first)
        #expect(agent == AgentDefinition(name: "a"))
        #expect(agent.chat == nil && agent.project == "default" && agent.tools.isEmpty && agent.silence.then == .goodbye)
    }

    @Test func anAgentWithAnEndpointChats() throws {
        let agents = try agents(
            "endpoints: {main: {url: 'http://h/v1'}}\nagents: [{name: a, endpoint: main}, {name: b, numbers: '+1415', chat: echo}]"
        )
        #expect(agents.map(\.chat) == [.openai, .echo])
        #expect(agents[1].numbers == ["+1415"])
    }

    @Test(arguments: ["", "\n\n", "# nothing yet\n", "---\n", "agents:\n", "agents: []\ntools: {}\nendpoints:\n"])
    func aFileThatSaysNothingIsFine(text: String) {
        let reading = SampleAgentFile.read(text)
        #expect(reading.faults.isEmpty && reading.file.agents.isEmpty)
    }

    @Test func wordsThatYAMLOnceTookForTruthAreWords() throws {
        let agent = try #require(try agents("agents: [{name: no, language: no, greeting: yes}]").first)
        #expect(agent.name == "no" && agent.language == "no" && agent.greeting == "yes")
    }

    @Test func whatAgentsShareIsWrittenOnce() throws {
        let text = """
            agents:
              - &base {name: one, numbers: ["+14155550100"], temperature: 0.5, retries: 2}
              - <<: *base
                name: two
                numbers: ["+14155550101"]
                retries: 0
            """
        let agents = try agents(text)
        #expect(agents.map(\.name) == ["one", "two"] && agents.map(\.temperature) == [0.5, 0.5] && agents.map(\.retries) == [2, 0])
    }

    @Test func variablesArePutIntoTextsOfServices() {
        let environment = ["A": "x", "_b2": "y", "EMPTY": ""]
        #expect(EnvironmentText.filled("1${A}2${_b2}3", from: environment) == .success("1x2y3"))
        #expect(EnvironmentText.filled("$A $${A} $", from: environment) == .success("$A ${A} $"))
        for text in ["${C}", "${EMPTY}", "${A", "${}", "${A B}", "${2A}"] {
            #expect(throws: EnvironmentText.Problem.self) { try EnvironmentText.filled(text, from: environment).get() }
        }
    }

    @Test func textsForCallersAreTakenAsTheyAre() throws {
        #expect(try agents("agents: [{name: a, greeting: 'Say ${NOTHING}'}]").first?.greeting == "Say ${NOTHING}")
    }

    @Test func secretsArePrintedAsStars() throws {
        let file = SampleAgentFile.read(SampleAgentFile.text).file
        let shown = "\(file) \(String(reflecting: file))"
        for secret in SampleAgentFile.environment.values { #expect(!shown.contains(secret)) }
    }
}
