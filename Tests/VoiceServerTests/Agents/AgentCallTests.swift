import Conversation
import Engines
import Foundation
import NIOHTTP1
import Synchronization
import TestSupport
import Testing
import TwilioTwin

@testable import VoiceServer

/// Calls that agents answer: a chat service and tools over real HTTP, Twilio's REST API played by the twin.
@Suite struct AgentCallTests {
    private static let chatKey = "sk-this-key-is-nobodys-business"
    private static let toolKey = "tool-key-that-nobody-may-see"

    /// What the chat service says to one request.
    private enum Reply: Sendable {
        case text(String)
        case tool(String, String)
    }

    /// A chat service that says one thing after the other, and a tool beside it.
    private static func service(
        _ replies: [Reply],
        tool: @escaping @Sendable (FakeEndpoint.Request, FakeEndpoint.Answer) async throws -> Void = { _, _ in }
    )
        -> FakeEndpoint.Handler
    {
        let left = Mutex(replies)
        return { request, answer in
            guard request.target == "/v1/chat/completions" else { return try await tool(request, answer) }
            let reply = left.withLock { $0.isEmpty ? nil : $0.removeFirst() }
            try await answer.begin(type: "text/event-stream")
            try await answer.chunk("data: \(try delta(reply ?? .text("Nothing more.")))\n\n")
            try await answer.chunk("data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n")
            try await answer.end()
        }
    }

    private static func delta(_ reply: Reply) throws -> String {
        let delta: JSONValue =
            switch reply {
            case .text(let text): .object(["content": .string(text)])
            case .tool(let name, let arguments):
                .object([
                    "tool_calls": .array([
                        .object([
                            "index": .number(0), "id": .string("call_1"), "type": .string("function"),
                            "function": .object(["name": .string(name), "arguments": .string(arguments)]),
                        ])
                    ])
                ])
            }
        return try JSONValue.object(["choices": .array([.object(["index": .number(0), "delta": delta])])]).text()
    }

    /// Writes a configuration file with one agent for all numbers.
    ///
    /// No filler is said unless `more` asks for it, so that a busy machine says the same words.
    private func file(in folder: FolderFixture, service: FakeEndpoint, project: String = "salon", more: String = "") throws -> String {
        let path = folder.path + "/agentos.yaml"
        try FileManager.default.createDirectory(atPath: folder.path, withIntermediateDirectories: true)
        let text = """
            endpoints:
              main: {url: "\(service.url)/v1", key: "${CHAT_KEY}", model: test}
            tools:
              find_slots:
                description: Finds free tables.
                parameters: {type: object, properties: {day: {type: string}}, required: [day]}
                url: "\(service.url)/slots"
                headers: {Authorization: "Bearer ${TOOL_KEY}"}
            agents:
              - name: booking
                project: \(project)
                prompt: You take bookings.
                endpoint: main
                idle_prompt_seconds: 0
            \(more.contains("silence:") ? more : more + "\n    silence: {filler_after_ms: 0}")
            """
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    private static let environment = ["CHAT_KEY": chatKey, "TOOL_KEY": toolKey]

    private func texts(_ events: [[String: Any]], _ type: String) -> [String] {
        events.filter { $0["type"] as? String == type }.compactMap { $0["text"] as? String ?? $0["reason"] as? String }
    }

    private func roles(_ request: FakeEndpoint.Request?) throws -> [String] {
        let body = try JSONValue(parsing: request?.body ?? "{}")
        guard case .array(let messages)? = body["messages"] else { return [] }
        return messages.compactMap { $0["role"]?.string }
    }

    @Test func anAgentCallsItsToolOnceAndAnswersWithWhatItSaid() async throws {
        let folder = FolderFixture()
        defer { folder.remove() }
        let handler = Self.service([.tool("find_slots", "{\"day\":\"friday\"}"), .text("There is a table at eight.")]) { _, answer in
            try await answer.whole("{\"free\":[\"20:00\"]}")
        }
        try await FakeEndpoint.withEndpoint(handler) { service in
            let path = try file(in: folder, service: service, more: "    tools: [find_slots]")
            try await withServer([:], folder: folder.path, file: path, environment: Self.environment) { (server: TestServer) async throws in
                let call = TwinCallConfiguration(webhookURL: server.webhook)
                let events = try await server.place(try .saying("caller-stop"), as: call).events
                #expect((events.first?["session"] as? [String: Any])?["project_id"] as? String == "salon")
                #expect(texts(events, "voice.assistant.text") == ["There is a table at eight."])
                let finished = try #require(events.first { $0["type"] as? String == "voice.tool.finished" })
                #expect(finished["status"] as? String == "done")
                #expect(finished["result"] as? String == "{\"free\":[\"20:00\"]}")
                let asked = service.requests.filter { $0.target == "/slots" }
                #expect(asked.map(\.body) == ["{\"day\":\"friday\"}"])
                #expect(asked.first?.headers["authorization"] == "Bearer \(Self.toolKey)")
                #expect(asked.first?.headers["idempotency-key"]?.hasPrefix("twilio-\(call.callSid)-") == true)
                let chats = service.requests.filter { $0.target != "/slots" }
                #expect(chats.first?.headers["authorization"] == "Bearer \(Self.chatKey)")
                #expect(try roles(chats.last) == ["system", "user", "assistant", "tool"])
            }
        }
    }

    /// A service that refuses a system message, `max_tokens`, and a tool call without what it had attached to it.
    private static let particularService: FakeEndpoint.Handler = { request, answer in
        guard request.target == "/v1/chat/completions" else { return try await answer.whole("{\"free\":[\"20:00\"]}") }
        let question = try JSONValue(parsing: request.body)
        guard case .array(let messages)? = question["messages"] else { throw CancellationError() }
        func refuse(_ words: String) async throws { try await answer.whole("[{\"error\":{\"message\":\"\(words)\"}}]", status: "400 Bad Request") }
        guard question["max_tokens"] == nil else { return try await refuse("Unsupported parameter: max_tokens. Use max_completion_tokens.") }
        guard messages.first?["role"] != .string("system") else { return try await refuse("System role not supported") }
        try await answer.begin(type: "text/event-stream")
        guard let called = messages.first(where: { $0["tool_calls"] != nil }) else {
            let function = #"{"name":"find_slots","arguments":"{\"day\":\"friday\"}"}"#
            let call = #"{"index":0,"id":"call_1","extra_content":{"signature":"AB"},"function":\#(function)}"#
            try await answer.chunk("data: {\"choices\":[{\"delta\":{\"tool_calls\":[\(call)]}}]}\n\n")
            return try await answer.end()
        }
        let isSigned = try called.text().contains("{\"signature\":\"AB\"}")
        let words = isSigned ? "<think>Eight.</think>There is a table at eight." : "The signature is missing."
        try await answer.chunk("data: {\"choices\":[{\"delta\":{\"content\":\"\(words)\"}}]}\n\n")
        try await answer.end()
    }

    @Test func aParticularServiceCostsTheCallerNothing() async throws {
        let folder = FolderFixture()
        defer { folder.remove() }
        try await FakeEndpoint.withEndpoint(Self.particularService) { service in
            let path = try file(in: folder, service: service, more: "    tools: [find_slots]\n    max_tokens: 200\n    greeting: Hello.")
            try await withServer([:], folder: folder.path, file: path, environment: Self.environment) { (server: TestServer) async throws in
                let events = try await server.place(try .saying("caller-stop", isGreeted: true)).events
                #expect(texts(events, "voice.assistant.text").last == "There is a table at eight.")
                #expect(service.requests.filter { $0.target == "/slots" }.count == 1)
                let chats = service.requests.filter { $0.target != "/slots" }
                // Two refusals, then the call of the tool and the answer.
                #expect(chats.count == 4)
                #expect(try roles(chats.last).prefix(2) == ["user", "assistant"])
                #expect(events.last?["reason"] as? String != "agent_ended")
            }
        }
    }

    @Test func keysAreNowhere() async throws {
        let folder = FolderFixture()
        defer { folder.remove() }
        let log = folder.path + "/log"
        try FileManager.default.createDirectory(atPath: folder.path, withIntermediateDirectories: true)
        try Data().write(to: URL(fileURLWithPath: log))
        let writer = LogWriter(try #require(FileHandle(forWritingAtPath: log)))
        // Both services repeat the keys they were sent.
        let handler = Self.service([.tool("find_slots", "{\"day\":\"friday\"}")]) { request, answer in
            try await answer.whole("your key \(request.headers["authorization"] ?? "")", status: "500 Broken", type: "text/plain")
        }
        let echoing: FakeEndpoint.Handler = { request, answer in
            let isSecond = request.body.contains("tool_call_id")
            guard isSecond else { return try await handler(request, answer) }
            try await answer.whole("bad key \(request.headers["authorization"] ?? "")", status: "401 Unauthorized", type: "text/plain")
        }
        try await FakeEndpoint.withEndpoint(echoing) { service in
            let path = try file(in: folder, service: service, more: "    tools: [find_slots]")
            let data = folder.path + "/data"
            try await withServer([.logLevel: "trace", .journal: "on"], folder: data, file: path, environment: Self.environment, log: writer) {
                (server: TestServer) async throws in
                let events = try await server.place(try .saying("caller-stop")).events
                #expect(events.contains { $0["type"] as? String == "error" && ($0["error"] as? String)?.contains("***") == true })
                #expect(events.contains { ($0["result"] as? String)?.contains("***") == true })
            }
            let files = FileManager.default.enumerator(atPath: data)?.compactMap { $0 as? String } ?? []
            #expect(files.contains { $0.hasPrefix("audit/") })
            for name in files {
                let bytes = FileManager.default.contents(atPath: "\(data)/\(name)") ?? Data()  // Folders have none.
                for key in [Self.chatKey, Self.toolKey] { #expect(bytes.firstRange(of: Data(key.utf8)) == nil, "\(name)") }
            }
            writer.flush()
            let lines = try String(contentsOfFile: log, encoding: .utf8)
            #expect(lines.contains("voice.twilio.transcript"))
            for key in [Self.chatKey, Self.toolKey] { #expect(!lines.contains(key)) }
        }
    }

    /// Places a call to an agent that has Twilio's REST API, and shows what came of it.
    private func withTwilio(
        _ replies: [Reply],
        agent more: String,
        dialing: Dialing = .hungUp(afterSeconds: 0),
        plan: CallerPlan? = nil,
        _ body: @escaping @Sendable (TwinCallReport, [[String: Any]], FakeEndpoint) throws -> Void
    ) async throws {
        let folder = FolderFixture()
        defer { folder.remove() }
        try await FakeEndpoint.withEndpoint(Self.service(replies)) { service in
            let path = try file(in: folder, service: service, more: more)
            let rest = TwinREST(authToken: "secret")
            try await rest.withServer { address in
                try await withServer(Self.account(rest, address), folder: folder.path, file: path, environment: Self.environment) {
                    (server: TestServer) async throws in
                    let status = server.address + "/api/voice/twilio/status"
                    let call = TwinCallConfiguration(webhookURL: server.webhook, statusCallbackURL: status, dialing: dialing, rest: rest)
                    let (report, events) = try await server.place(try plan ?? .saying("caller-stop"), as: call)
                    try body(report, events, service)
                }
            }
        }
    }

    @Test func aCallerIsPutThroughToNobodyButTheAgentsOwnNumbers() async throws {
        let replies: [Reply] = [
            .tool("transfer_call", "{\"destination\":\"+19005550100\"}"), .tool("transfer_call", "{\"destination\":\"desk\"}"),
        ]
        try await withTwilio(replies, agent: "    tools: [transfer_call]\n    transfer: {desk: \"+14155550199\"}") { report, events, _ in
            #expect(report.transfers == ["+14155550199"])
            #expect(events.last?["reason"] as? String == "transferred")
            let statuses = events.filter { $0["type"] as? String == "voice.tool.finished" }.compactMap { $0["status"] as? String }
            #expect(statuses == ["invalid", "done"])
        }
    }

    private static let transfer = Reply.tool("transfer_call", "{\"destination\":\"desk\"}")
    private static let desk = "    tools: [transfer_call]\n    transfer: {desk: \"+14155550199\"}"

    /// Nobody takes the call: the caller hears why, in the same session, and is answered on.
    @Test(arguments: [(Dialing.busy, "the line was busy"), (.failed, "could not be reached"), (.declined(afterSeconds: 0), "was not taken")])
    func aCallerWhomNobodyTakesComesBackToWords(dialing: Dialing, reason: String) async throws {
        let plan = try CallerPlan.saying("caller-stop", "caller-stop")
        let replies: [Reply] = [Self.transfer, .text("The desk does not answer."), .text("What else can I do?")]
        try await withTwilio(replies, agent: Self.desk, dialing: dialing, plan: plan) { report, events, service in
            #expect(report.ending == .callerHungUp)
            #expect(report.streams.count == 2)
            #expect(texts(events, "voice.session.interrupted") == ["transferring"])
            #expect(texts(events, "voice.assistant.text") == ["The desk does not answer.", "What else can I do?"])
            let heard = events.filter { $0["type"] as? String == "voice.assistant.heard" }
            #expect(heard.compactMap { $0["complete"] as? Bool } == [true, true])
            let finished = events.filter { $0["type"] as? String == "voice.tool.finished" }
            #expect(finished.count == 1)
            #expect(finished.first?["status"] as? String == "failed")
            #expect((finished.first?["result"] as? String)?.contains(reason) == true)
            let explaining = service.requests.dropFirst().first
            let asked = try roles(explaining)
            #expect(asked == ["system", "user", "assistant", "tool"])
            #expect(explaining?.body.contains(reason) == true, "the assistant is told why")
            // The caller hangs up, which both the stream and the status callback tell.
            #expect(["stream_stopped", "call_completed"].contains(events.last?["reason"] as? String))
        }
    }

    @Test func aSessionStopsAsTransferredOnceTheTwoHaveTalked() async throws {
        try await withTwilio([Self.transfer], agent: Self.desk) { report, events, _ in
            #expect(report.ending == .hangup)
            let types = events.compactMap { $0["type"] as? String }.filter { $0 != "voice.transfer" }
            #expect(types.suffix(3) == ["voice.session.interrupted", "voice.tool.finished", "voice.session.stopped"])
            #expect(events.last?["reason"] as? String == "transferred")
        }
    }

    @Test func thePersonWhoIsCalledHearsTheReasonThatTheAssistantGives() async throws {
        let warm = "    tools: [transfer_call]\n    transfer: {sales: {number: \"+14155550199\", mode: warm}}"
        let wanted = Reply.tool("transfer_call", "{\"destination\":\"sales\",\"reason\":\"Ann wants to buy a boat.\"}")
        try await withTwilio([wanted], agent: warm) { report, events, service in
            #expect(report.legs.first?.heard.first == "You have a call from 1 4 1 5 5 5 5 1 2 3 4. Ann wants to buy a boat.")
            #expect(events.last?["reason"] as? String == "transferred" && report.bridges.count == 1)
            #expect(service.requests.first?.body.contains("\"reason\"") == true, "the tool asks for the reason")
        }
    }

    @Test func anAssistantPutsTheCallerOnHoldAndSpeaksAgain() async throws {
        let replies: [Reply] = [.tool("hold_call", "{\"seconds\":1}"), .text("I am back.")]
        let plan = try CallerPlan([
            .does(.say(clip: sample("caller-stop"), label: "first")), .waits(for: "voice.hold.ended"), .waits(for: "voice.assistant.heard"),
            .does(.hangUp),
        ])
        try await withTwilio(replies, agent: "    tools: [hold_call]", plan: plan) { _, events, _ in
            let holds = events.filter { ($0["type"] as? String)?.hasPrefix("voice.hold") == true }
            #expect(holds.compactMap { $0["cause"] as? String } == ["tool", "tool"])
            #expect(texts(events, "voice.assistant.text").last == "I am back.")
        }
    }

    /// Nobody tells whether the two talked: the caller's line is gone.
    @Test func aCallerWhoHangsUpBeforeTwilioTellsOfAnAnswerHasEndedTheCall() async throws {
        try await withTwilio([Self.transfer], agent: Self.desk, dialing: .answered(seconds: 0)) { _, events, _ in
            #expect(events.last?["reason"] as? String == "call_completed")
            let finished = events.last { $0["type"] as? String == "voice.tool.finished" }
            #expect(finished?["status"] as? String == "unknown")
        }
    }

    /// The assistant fails, and so does the attempt to put the caller through: fixed words, and no second attempt.
    @Test func aCallerWhomNobodyTakesOverFromAFailingAssistantHearsWords() async throws {
        let folder = FolderFixture()
        defer { folder.remove() }
        try await FakeEndpoint.withEndpoint({ _, answer in try await answer.whole("{}", status: "400 Bad Request") }) { service in
            let more = "    transfer: {desk: \"+14155550199\"}\n    silence: {failures: 1, then: transfer, transfer: desk}"
            let path = try file(in: folder, service: service, more: more)
            let rest = TwinREST(authToken: "secret")
            try await rest.withServer { address in
                try await withServer(Self.account(rest, address), folder: folder.path, file: path, environment: Self.environment) {
                    (server: TestServer) async throws in
                    let clip = try sample("caller-stop")
                    let plan = CallerPlan([
                        .does(.say(clip: clip, label: "first")), .waits(for: "voice.assistant.heard"), .waits(for: "voice.assistant.heard"),
                        .does(.hangUp),
                    ])
                    let call = TwinCallConfiguration(webhookURL: server.webhook, dialing: .busy, rest: rest)
                    let (report, events) = try await server.place(plan, as: call)
                    let configuration = CallMachine.Configuration()
                    #expect(report.streams.count == 2)
                    #expect(texts(events, "voice.assistant.text") == [configuration.silence.handover, configuration.apology])
                }
            }
        }
    }

    @Test func keysArePressedAndTheConversationGoesOnWithoutAnApology() async throws {
        let replies: [Reply] = [.tool("send_dtmf", "{\"digits\":\"12#\"}"), .text("The keys are pressed.")]
        try await withTwilio(replies, agent: "    tools: [send_dtmf]") { report, events, service in
            let asked = try roles(service.requests.last)
            #expect(report.keysSent == ["12#"])
            #expect(report.streams.count == 2)
            #expect(texts(events, "voice.session.interrupted") == ["line_away"])
            #expect(texts(events, "voice.assistant.text") == ["The keys are pressed."])
            #expect(asked == ["system", "user", "assistant", "tool"])
        }
    }

    private static func account(_ rest: TwinREST, _ address: String) -> [SettingKey: String] {
        [.twilioAccountSid: rest.accountSid, .twilioAuthToken: rest.authToken, .twilioAPIBaseURL: address]
    }

    @Test func aToolWhoseCallCannotBeWrittenDownIsNotRun() async throws {
        let services = SpeechAndChat(OpenAISettings()) { _, _ in }
        try await FakeEndpoint.withEndpoint({ try await $1.whole("{}") }) { endpoint in
            let declaration = try ToolDeclaration(name: "book", description: "Books.", parameters: .object([:]))
            let tool = try HTTPTool(declaration: declaration, url: endpoint.url + "/book")
            let session = SessionRecord(id: "twilio-CA1", callID: "CA1", from: "+1", to: "+2", sttProvider: "scripted", createdAt: 0)
            for isDurable in [false, true] {
                let runner = HTTPToolRunner([tool], client: services.client, session: session.id)
                let tools = CallTools(
                    session: session,
                    services: runner,
                    telephony: nil,
                    transfers: nil,
                    agent: AgentDefinition(name: "a"),
                    voice: LineVoice(),
                    writeDown: { _ in isDurable }
                )
                let outcome = await tools.run(ToolCall(id: "c1", name: "book", arguments: "{}"))
                #expect(outcome.status == (isDurable ? .done : .failed))
                #expect(endpoint.requests.count == (isDurable ? 1 : 0))
            }
        }
        withExtendedLifetime(services) {}
    }

    @Test func aChangedFileAppliesToTheNextCall() async throws {
        let folder = FolderFixture()
        defer { folder.remove() }
        try await FakeEndpoint.withEndpoint(Self.service([])) { service in
            let path = try file(in: folder, service: service, project: "first")
            try await withServer([:], folder: folder.path, file: path, environment: Self.environment) { (server: TestServer) async throws in
                #expect(try await project(server) == "first")
                _ = try file(in: folder, service: service, project: "second")
                // Requests take the time that the file needs to be noticed.
                for _ in 0..<100_000 {
                    guard try await project(server) == "first" else { break }
                }
                #expect(try await project(server) == "second")
            }
        }
    }

    private func project(_ server: TestServer) async throws -> String? {
        let callSid = newCallSid()
        _ = try await server.openSession(callSid: callSid)
        return try await server.request(.GET, "/api/voice/sessions/twilio-\(callSid)").json["project_id"] as? String
    }
}
