import NIOHTTP1
import Synchronization
import Testing

@testable import agentos

/// That the checks of a server find it out when it is none.
@Suite
struct ServerChecksTests {
    /// Runs every check of a server against one that answers all requests alike, and gives the ticks.
    private func ticks(answer: FileServer.Answer) async throws -> [String] {
        let lines = Mutex<[String]>([])
        try await FileServer.withServer(answer: { _ in answer }) { server in
            let list = CheckList { line in lines.withLock { $0.append(line) } }
            try await CheckClient.withClient(of: server.url, token: "token") { client in
                await RouteChecks(list: list, client: client).run()
                await TwiMLChecks(list: list, client: client).run()
                await CallChecks(list: list, client: client).run()
                await SecuredChecks(list: list, client: client, authToken: "secret").run()
            }
            let (passed, failed) = await (list.passed, list.failed)
            #expect(passed + failed >= 15)
        }
        return lines.withLock { $0.compactMap { $0.hasPrefix("  ✓ ") ? String($0.dropFirst("  ✓ ".count)) : nil } }
    }

    @Test
    func aServerThatKnowsNothingFailsAllButWhatItShouldNotKnow() async throws {
        let ticks = try await ticks(answer: .init(status: .notFound))
        #expect(ticks == ["the socket of an unknown session: 404 for Twilio", "signatures are computed as in Twilio's own example"])
    }

    @Test
    func aServerThatSaysYesToEverythingIsFoundOut() async throws {
        let ticks = try await ticks(answer: .init(status: .ok))
        #expect(ticks == ["/readyz becomes ready", "signatures are computed as in Twilio's own example"])
    }

    @Test
    func aServerThatRefusesEverybodyIsFoundOut() async throws {
        let ticks = try await ticks(answer: .init(status: .forbidden))
        #expect(ticks == ["signatures are computed as in Twilio's own example"])
    }

    @Test
    func twiMLThatIsNotAsPromisedIsFoundOut() throws {
        let good = """
            <Response><Say voice="alice">Connecting to agent.</Say><Connect><Stream url="wss://h/s"><Parameter name="token" value="t"/></Stream>\
            </Connect><Pause length="1"/><Redirect method="POST">http://h/i</Redirect></Response>
            """
        try TwiMLChecks.isConnect(answer(good), socket: "wss://h/s", back: "http://h/i")
        for (part, other) in [
            ("alice", "bob"), ("Connecting to agent.", "Hello."), ("wss://h/s", "wss://h/t"), ("value=\"t\"", "value=\"\""),
            ("http://h/i", "http://h/j"), ("Connect>", "Start>"),
        ] {
            #expect(throws: CheckFailure.self, "\(part)") {
                try TwiMLChecks.isConnect(answer(good.replacing(part, with: other)), socket: "wss://h/s", back: "http://h/i")
            }
        }
    }

    @Test
    func aOneWayStreamThatHoldsNoCallOpenIsFoundOut() throws {
        let good = """
            <Response><Say voice="alice">Connecting to agent.</Say><Start><Stream url="wss://h/s"><Parameter name="token" value="t"/></Stream></Start>\
            <Pause length="14400"/></Response>
            """
        try TwiMLChecks.isStart(answer(good), socket: "wss://h/s")
        for other in ["<Pause length=\"1\"/>", "<Hangup/>", ""] {
            #expect(throws: CheckFailure.self, "\(other)") {
                try TwiMLChecks.isStart(answer(good.replacing("<Pause length=\"14400\"/>", with: other)), socket: "wss://h/s")
            }
        }
    }

    private func answer(_ document: String) -> CheckClient.Answer {
        .init(status: 200, contentType: "application/xml", body: document)
    }
}
