import Conversation
import Engines
import Foundation
import TestSupport
import Testing

/// Tools that are HTTP endpoints, and what an assistant is told of their calls.
@Suite(.timeLimit(.minutes(10))) struct ToolsTests {
    private static let parameters = """
        {"type":"object","properties":{"people":{"type":"integer","minimum":1},"time":{"type":"string","pattern":"^[0-2][0-9]:[0-5][0-9]$"},
         "id":{"type":"string"}},"required":["people"]}
        """
    private static let secret = Secret("Bearer tool-secret-42")

    private func declaration(_ name: String = "book") throws -> ToolDeclaration {
        try ToolDeclaration(name: name, description: "Books a table.", parameters: JSONValue(parsing: Self.parameters))
    }

    private func withTool(
        _ handler: @escaping FakeEndpoint.Handler,
        path: String = "/tables",
        method: HTTPTool.Method = .post,
        timeoutMs: Int = 10_000,
        clock: StallClock = StallClock(),
        _ body: (HTTPToolRunner, FakeEndpoint) async throws -> Void
    ) async throws {
        try await ChatFixture.withClient(clock: clock) { client in
            try await FakeEndpoint.withEndpoint(handler) { endpoint in
                let tool = try HTTPTool(
                    declaration: declaration(),
                    url: endpoint.url + path,
                    method: method,
                    headers: [HTTPTool.Header("Authorization", Self.secret)],
                    timeoutMs: timeoutMs
                )
                try await body(HTTPToolRunner([tool], client: client, session: "twilio-CA1"), endpoint)
            }
        }
    }

    private func call(_ arguments: String, id: String = "call_1", name: String = "book") -> ToolCall {
        ToolCall(id: id, name: name, arguments: arguments)
    }

    @Test func aToolGetsItsArgumentsAndAnswers() async throws {
        try await withTool({ try await $1.whole("{ \"table\": 4,\n \"at\": \"19:30\" }") }) { runner, endpoint in
            let outcome = await runner.run(call(#"{"people":2,"time":"19:30"}"#))
            #expect(outcome == ToolOutcome(.done, #"{"at":"19:30","table":4}"#))
            let request = try #require(endpoint.requests.first)
            #expect(request.method == "POST" && request.target == "/tables")
            #expect(try JSONValue(parsing: request.body) == JSONValue(parsing: #"{"people":2,"time":"19:30"}"#))
            #expect(request.headers["content-type"] == "application/json")
            #expect(request.headers["authorization"] == Self.secret.value)
            #expect(request.headers["idempotency-key"] == "twilio-CA1-call_1")
            #expect(request.headers["user-agent"] == "AgentOS")
        }
    }

    @Test(arguments: ["text/plain; charset=ISO-8859-1", "application/json;charset=\"Windows-1252\"", "text/plain; charset=klingon", "text/plain"])
    func anAnswerInAnotherCharsetKeepsItsLetters(_ type: String) async throws {
        let body: [UInt8] = Array("{\"name\":\"M".utf8) + [0xFC] + Array("ller\"}".utf8)
        let handler: FakeEndpoint.Handler = { _, answer in
            try await answer.begin(type: type)
            try await answer.chunk(body)
            try await answer.end()
        }
        try await withTool(handler) { runner, _ in
            #expect(await runner.run(call(#"{"people":2}"#)) == ToolOutcome(.done, #"{"name":"Müller"}"#))
        }
        let failing: FakeEndpoint.Handler = { _, answer in
            try await answer.begin(type: type, status: "409 Conflict")
            try await answer.chunk(body)
            try await answer.end()
        }
        try await withTool(failing) { runner, _ in
            #expect(await runner.run(call(#"{"people":2}"#)).text.contains("Müller"))
        }
    }

    @Test(arguments: [HTTPTool.Method.get, .delete])
    func argumentsFindTheirPlaceInTheAddress(_ method: HTTPTool.Method) async throws {
        try await withTool({ try await $1.whole("") }, path: "/tables/{id}?lang=en", method: method) { runner, endpoint in
            let outcome = await runner.run(call(#"{"people":2,"id":"a/b ü?","time":"19:30"}"#))
            #expect(outcome == ToolOutcome(.done, "done"))
            let request = try #require(endpoint.requests.first)
            #expect(request.method == method.rawValue)
            #expect(request.target == "/tables/a%2Fb%20%C3%BC%3F?lang=en&people=2&time=19%3A30")
            #expect(request.body.isEmpty)
        }
    }

    @Test(arguments: ["/t/{day}", "/t?on={day}", "/t/{day}/slots/{time}?lang=en", "/{day}.json"])
    func aToolWithoutParametersGetsOneForEachPlaceOfItsAddress(_ path: String) async throws {
        for parameters in [JSONValue.null, .object([:]), .object(["type": .string("object"), "properties": .object([:])])] {
            let declaration = try ToolDeclaration(name: "slots", description: "", parameters: parameters)
            let tool = try HTTPTool(declaration: declaration, url: "https://example.com" + path, method: .get)
            let sent = tool.declaration.parameters
            let names = path.contains("time") ? ["day", "time"] : ["day"]
            #expect(tool.declaration.parameters["properties"]?["time"] == (names.count == 2 ? .object(["type": .string("string")]) : nil))
            #expect(sent["required"] == .array(names.map { .string($0) }))
            #expect(sent["properties"]?["day"] == .object(["type": .string("string")]))
            #expect(tool.declaration.schema.check(.object([:])).map(\.path) == names)
        }
    }

    @Test func anArgumentInThePathIsRequiredAndOneInTheQueryAsDeclared() throws {
        let tool = try HTTPTool(declaration: declaration(), url: "https://example.com/{id}?at={time}", method: .get)
        #expect(tool.declaration.parameters["required"] == .array([.string("people"), .string("id")]))
        #expect(tool.declaration.schema.check(.object(["people": .number(1)])).map(\.description) == ["id: is missing"])
    }

    @Test func aMisspelledPlaceIsNamedWithThePropertiesThereAre() throws {
        let error = #expect(throws: ToolDeclarationError.self) { try HTTPTool(declaration: declaration(), url: "https://example.com/{peple}") }
        #expect(
            error?.description
                == "url: has a place for {peple}: add `peple` to the properties of `parameters` (there are: id, people, time)"
        )
    }

    @Test(arguments: ["..", ".", "", "..."])
    func anArgumentDoesNotLeadElsewhere(_ id: String) async throws {
        try await withTool({ try await $1.whole("{}") }, path: "/tables/{id}/cancel") { runner, endpoint in
            #expect(await runner.run(call(#"{"people":2,"id":"\#(id)"}"#)).status == .invalid)
            #expect(endpoint.requests.isEmpty)
        }
    }

    @Test(arguments: [
        ("two people", "must be a JSON object"), ("[2]", "must be a JSON object"), ("", "people: is missing"),
        (#"{"people":0,"time":"half past seven"}"#, "people: must be at least 1; time: must match ^[0-2][0-9]:[0-5][0-9]$"),
    ])
    func argumentsThatDoNotFitAreSentBack(_ arguments: String, _ words: String) async throws {
        try await withTool({ try await $1.whole("{}") }) { runner, endpoint in
            let outcome = await runner.run(call(arguments))
            #expect(outcome.status == .invalid)
            #expect(outcome.text.hasPrefix("Nothing was done: ") && outcome.text.contains(words), "\(outcome.text)")
            #expect(endpoint.requests.isEmpty)
        }
    }

    @Test func aKeyInTheAddressIsNotQuoted() async throws {
        let handler: FakeEndpoint.Handler = {
            try await $1.whole("Cannot POST \($0.target), key very secret+key", status: "404 Not Found", type: "text/plain")
        }
        try await withTool(handler, path: "/hooks/T0000B1111XYZ222233/send?key=very%20secret%2Bkey&for={people}") { runner, endpoint in
            let outcome = await runner.run(call(#"{"people":2}"#))
            #expect(endpoint.requests.first?.target == "/hooks/T0000B1111XYZ222233/send?key=very%20secret%2Bkey&for=2")
            #expect(outcome == ToolOutcome(.failed, "The tool answered 404: Cannot POST /hooks/***/send?key=***&for=2, key ***"))
        }
    }

    @Test func anUnknownToolIsNamed() async throws {
        try await withTool({ try await $1.whole("{}") }) { runner, _ in
            #expect(await runner.run(call("{}", name: "fly")) == ToolOutcome(.invalid, "There is no tool named fly. There are: book."))
        }
    }

    @Test(arguments: [
        ("503 Service Unavailable", #"{"error":{"message":"try later, Bearer tool-secret-42"}}"#, "The tool answered 503: try later, ***"),
        ("409 Conflict", "tool-secret-42 is\nno key", "The tool answered 409: *** is no key"),
        ("404 Not Found", "", "The tool answered 404."),
        ("302 Found", "elsewhere", "The tool answered 302: elsewhere"),
    ])
    func aToolThatFailsIsQuotedWithoutKeys(_ status: String, _ body: String, _ words: String) async throws {
        let handler: FakeEndpoint.Handler = {
            try await $1.whole(body, status: status, type: "text/plain", headers: "Location: http://127.0.0.1:1/\r\n")
        }
        try await withTool(handler) { runner, endpoint in
            #expect(await runner.run(call(#"{"people":2}"#)) == ToolOutcome(.failed, words))
            #expect(endpoint.requests.count == 1)
        }
    }

    @Test func anAnswerDoesNotShowKeysAndIsOfBoundedLength() async throws {
        let text = "Bearer tool-secret-42 " + String(repeating: "é ", count: 50_000)
        try await withTool({ try await $1.whole(text, type: "text/plain") }) { runner, _ in
            let outcome = await runner.run(call(#"{"people":2}"#))
            #expect(outcome.status == .done)
            #expect(outcome.text.hasPrefix("*** é é"))
            #expect(outcome.text.hasSuffix("… (cut off)") && outcome.text.utf8.count < 4_200)
        }
    }

    @Test func whoeverIsNotThereHasDoneNothing() async throws {
        let url = try await ChatFixture.deadURL()
        try await ChatFixture.withClient { client in
            let runner = HTTPToolRunner([try HTTPTool(declaration: declaration(), url: url)], client: client, session: "s")
            let outcome = await runner.run(call(#"{"people":2}"#))
            #expect(outcome == ToolOutcome(.failed, "Nothing was done: the tool refused the connection."))
        }
    }

    @Test(arguments: [true, false])
    func aToolThatDoesNotAnswerMayHaveDoneItsWork(_ begins: Bool) async throws {
        let clock = StallClock()
        let handler: FakeEndpoint.Handler = { _, answer in
            if begins { try await answer.begin(type: "application/json") }
            clock.pass(300)
            try await answer.stall()
        }
        try await withTool(handler, timeoutMs: 300, clock: clock) { runner, endpoint in
            let outcome = await runner.run(call(#"{"people":2}"#))
            let words = "No answer within 300 ms; it may have happened all the same: do not repeat it without asking the caller."
            #expect(outcome == ToolOutcome(.timedOut, words))
            #expect(endpoint.requests.count == 1)
        }
    }

    @Test func aCallIsNeverSentTwice() async throws {
        // The first answer leaves its connection open, and the server closes it as soon as the next request comes.
        let handler: FakeEndpoint.Handler = { request, answer in
            if request.body.contains("9") { throw CancellationError() }
            try await answer.whole("{}")
        }
        try await withTool(handler) { runner, endpoint in
            _ = await runner.run(call(#"{"people":1}"#))
            let outcome = await runner.run(call(#"{"people":9}"#, id: "call_2"))
            #expect(outcome.status == .failed)
            #expect(outcome.text.contains("it may have happened all the same"))
            #expect(endpoint.requests.count == 2)
        }
    }

    @Test func aCallThatIsCalledOffEnds() async throws {
        let (arrivals, arrival) = AsyncStream.makeStream(of: Void.self)
        let handler: FakeEndpoint.Handler = { _, answer in
            arrival.yield()
            try await answer.stall()
        }
        try await withTool(handler) { runner, _ in
            await withTaskGroup(of: ToolOutcome.self) { group in
                group.addTask { await runner.run(call(#"{"people":2}"#)) }
                for await _ in arrivals { break }
                group.cancelAll()
                for await outcome in group { #expect(outcome.status == .unknown) }
            }
        }
    }

    @Test(arguments: ["", "book a table", "größe", String(repeating: "x", count: 65)])
    func aNameIsOneThatModelsCanCall(_ name: String) {
        let error = #expect(throws: ToolDeclarationError.self) { try declaration(name) }
        #expect(error?.key == "name")
    }

    @Test func parametersAreAnObject() throws {
        let parameters = try JSONValue(parsing: #"{"type":"object","properties":{"a":{"pattern":"("}}}"#)
        let error = #expect(throws: ToolDeclarationError.self) { try ToolDeclaration(name: "a", description: "", parameters: parameters) }
        #expect(error?.description == "parameters/properties/a/pattern: is not a regular expression: a group has no end")
        #expect(throws: ToolDeclarationError.self) {
            try ToolDeclaration(name: "a", description: "", parameters: .object(["type": .string("string")]))
        }
        let plain = try ToolDeclaration(name: "a", description: "", parameters: .object([:]))
        #expect(try plain.parameters.text() == #"{"properties":{},"type":"object"}"#)
    }

    @Test(arguments: [
        "", "tables", "ftp://x/y", "http://{id}/x", "http://u:p@x/", "http://x/{id", "http://x/{}", "http://x/{unknown}", "http://x/#a",
    ])
    func anAddressIsOneThatCanBeUsed(_ url: String) {
        let error = #expect(throws: ToolDeclarationError.self) { try HTTPTool(declaration: declaration(), url: url) }
        #expect(error?.key == "url")
    }

    @Test(arguments: [("X Y", "z"), ("X", "a\r\nb"), ("Idempotency-Key", "1")])
    func headersAreThoseThatHTTPAllows(_ name: String, _ value: String) {
        let error = #expect(throws: ToolDeclarationError.self) {
            try HTTPTool(declaration: declaration(), url: "http://x/", headers: [HTTPTool.Header(name, Secret(value))])
        }
        #expect(error?.key == "headers")
        #expect(error?.description.contains("a\r\n") == false)
    }
}
