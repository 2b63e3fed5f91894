import Foundation
import TestSupport
import Testing

/// `agentos call` as a user starts it: what it prints, and its exit code.
@Suite struct CallCommandTests {
    /// Calls a server; the caller says one recorded word.
    private func call(_ server: ServerProcess, _ arguments: [String] = [], in folder: String? = nil) async throws -> Program.Ended {
        let always = ["call", "--url", server.webhook, "--audio", SampleCall.clip, "--json"]
        return try await Program.run(always + arguments, in: folder ?? server.dataDirectory)
    }

    private func types(_ ended: Program.Ended) throws -> [String] { try SampleCall.objects(ended).compactMap { $0["type"] as? String } }

    /// The one line of an error.
    private func errorLine(_ ended: Program.Ended) throws -> String {
        let lines = ended.errors.split(separator: "\n")
        #expect(lines.count == 1, "\(ended.errors)")
        #expect(!ended.errors.contains("Error(") && !ended.errors.contains("Optional("), "\(ended.errors)")
        return String(try #require(lines.first))
    }

    @Test func theCallerLetsTheGreetingEndUnlessToldOtherwise() async throws {
        let environment = ["AGENTOS_GREETING": "Welcome to the shop."]
        let end = try await ServerProcess.run(environment: environment) { server in
            let patient = try await call(server)
            #expect(patient.status == 0, "\(patient.errors)")
            let order = try types(patient)
            let speaks = try #require(order.firstIndex(of: "call.caller_speaks"))
            let quiet = try #require(order.firstIndex(of: "call.agent_quiet"))
            #expect(quiet < speaks, "\(order)")

            let rude = try await types(call(server, ["--interrupt"]))
            let first = try #require(rude.firstIndex(of: "call.caller_speaks"))
            #expect(rude[..<first].contains("call.agent_quiet") == false, "\(rude)")
        }
        #expect(end.status == 0)
    }

    @Test func aServerWithoutAGreetingIsSpokenToAfterAWhile() async throws {
        let end = try await ServerProcess.run { server in
            let ended = try await call(server)
            #expect(ended.status == 0, "\(ended.errors)")
            let objects = try SampleCall.objects(ended)
            let connected = try #require(try objects[SampleCall.index(of: "call.stream_connected", in: objects)]["at_ms"] as? Int)
            let speaks = try #require(try objects[SampleCall.index(of: "call.caller_speaks", in: objects)]["at_ms"] as? Int)
            #expect(speaks - connected >= 2400)
        }
        #expect(end.status == 0)
    }

    @Test func bothSidesWordsArePrintedOnceTheTokenIsFound() async throws {
        let end = try await ServerProcess.run { server in
            let told = try await call(server, ["--data-dir", server.dataDirectory])
            let objects = try SampleCall.objects(told)
            let said = objects.first { $0["type"] as? String == "voice.stt.final" }?["text"] as? String
            let answer = objects.first { $0["type"] as? String == "voice.assistant.text" }?["text"] as? String
            #expect(said?.isEmpty == false && answer == "You said: \(said ?? "")")
            #expect(try !types(told).contains("call.note"))

            // In a folder without a data directory, and with a token of another server.
            let attempts: [([String], String)] = [([], "--data-dir"), (["--api-token", "of-another-server"], "--api-token")]
            for (arguments, fix) in attempts {
                let ended = try await call(server, arguments, in: FileManager.default.temporaryDirectory.path)
                let silent = try SampleCall.objects(ended)
                let notes = silent.filter { $0["type"] as? String == "call.note" }.compactMap { $0["text"] as? String }
                #expect(notes.count == 1 && notes.first?.contains(fix) == true, "\(notes)")
                #expect(!silent.contains { $0["type"] as? String == "voice.stt.final" })
            }
        }
        #expect(end.status == 0)
    }

    @Test func aPersonReadsWhoSaidWhatWithinEightyColumns() async throws {
        let environment = ["AGENTOS_GREETING": "Welcome to the shop, where all takes a little longer than elsewhere and is the better for it."]
        let end = try await ServerProcess.run(environment: environment) { server in
            let always = ["call", "--url", server.webhook, "--data-dir", server.dataDirectory, "--audio", SampleCall.clip]
            let ended = try await Program.run(always)
            #expect(ended.status == 0, "\(ended.errors)")
            #expect(ended.lines.allSatisfy { $0.count <= 80 || $0.contains("/") }, "\(ended.output)")
            let parts = ["  agent says     Welcome to", "  caller said    ", "  agent says     You said: ", "the caller hung up", "Latency of each"]
            for part in parts {
                #expect(ended.output.contains(part), "\(part): \(ended.output)")
            }
            #expect(!ended.output.contains("Optional(") && !ended.output.contains("callerHungUp"))
        }
        #expect(end.status == 0)
    }

    @Test func aServerWithAPublicURLIsCalledWithItsSignature() async throws {
        let environment = ["TWILIO_AUTH_TOKEN": "0123456789abcdef0123456789abcdef", "AGENTOS_PUBLIC_URL": "https://voice.example.com"]
        let end = try await ServerProcess.run(environment: environment) { server in
            let unsigned = try await call(server)
            #expect(unsigned.status == 69)
            #expect(try types(unsigned) == ["call.webhook_answered"])
            #expect(try errorLine(unsigned).contains("--auth-token"))
            let token = ["--auth-token", "0123456789abcdef0123456789abcdef"]
            let otherURL = try await call(server, token)
            #expect(otherURL.status == 69)
            #expect(try errorLine(otherURL).contains("--public-url"))
            let right = try await call(server, token + ["--public-url", "https://voice.example.com/"])
            #expect(right.status == 0, "\(right.errors)")
        }
        #expect(end.status == 0)
    }

    @Test func aServerWithItsOwnCertificateIsCalledWithThatCertificate() async throws {
        try await SampleCall.withFolder { folder in
            let files = try TestCertificate.one.write(to: folder)
            let end = try await ServerProcess.run(["--tls-cert", files.certificate, "--tls-key", files.key]) { server in
                let always = ["call", "--url", "https://\(server.authority)\(SampleCall.webhookPath)", "--audio", SampleCall.clip, "--json"]
                let distrusted = try await Program.run(always)
                #expect(distrusted.status == 69)
                #expect(try errorLine(distrusted).contains("--ca"))
                let trusted = try await Program.run(always + ["--ca", files.certificate, "--data-dir", server.dataDirectory])
                #expect(trusted.status == 0, "\(trusted.errors)")
                #expect(try types(trusted).contains("voice.stt.final"))
                let plain = try await Program.run(["call", "--url", server.webhook, "--audio", SampleCall.clip])
                #expect(plain.status == 69)
                #expect(try errorLine(plain).contains("https://"))
                let missing = try await Program.run(always + ["--ca", "\(folder)/none.pem"])
                #expect(try errorLine(missing).contains("none.pem"))
            }
            #expect(end.status == 0)
        }
    }

    @Test func whatKeepsACallFromBeingPlacedIsOneLineWithTheFix() async throws {
        let nobody = try await Program.run(["call", "--url", "http://127.0.0.1:1/api/voice/twilio/inbound", "--say", "hello"])
        #expect(nobody.status == 69)
        #expect(try errorLine(nobody).contains("connection was refused"))
        let nowhere = try await Program.run(["call", "--url", "http://no-such-host.invalid/api/voice/twilio/inbound", "--say", "hello"])
        #expect(nowhere.status == 69)
        #expect(try errorLine(nowhere).contains("no-such-host.invalid"))
        let end = try await ServerProcess.run { server in
            let elsewhere = try await Program.run(["call", "--url", "http://\(server.authority)/voice", "--say", "hello"])
            #expect(elsewhere.status == 69)
            let line = try errorLine(elsewhere)
            #expect(line.contains("404") && line.contains("/api/voice/twilio/inbound"))
        }
        #expect(end.status == 0)
        #expect(try await Program.run(["call", "--url", "http://127.0.0.1:1/", "--whisper-model", "base", "--say", "hello"]).status == 2)
    }

    @Test func anUtteranceWithoutAnAnswerIsNamedAndTheExitCodeIsOne() async throws {
        // "Are you still there?" is heard after it, and is no answer.
        let environment = ["AGENTOS_IDLE_PROMPT_SECONDS": "3"]
        let end = try await ServerProcess.run(environment: environment) { server in
            let noise = Program.absolute("Samples/caller-silence-noise.wav")
            let always = ["call", "--url", server.webhook, "--data-dir", server.dataDirectory, "--json"]
            let ended = try await Program.run(always + ["--interrupt", "--audio", noise])
            #expect(ended.status == 1)
            #expect(try errorLine(ended).contains("utterance 1 (\"caller-silence-noise\") got no answer"))
            let report = try #require(try SampleCall.objects(ended).last)
            let unanswered = try #require(report["unanswered"] as? [[String: Any]])
            #expect(unanswered.map { $0["utterance"] as? Int } == [1])
        }
        #expect(end.status == 0)
    }

    /// In the middle of the caller's words, and in the middle of the answer.
    @Test(arguments: ["3s", "5s"])
    func aCallOutlivesItsServer(moment: String) async throws {
        try await SampleCall.withFolder { folder in
            let clips = ["--audio", SampleCall.clip, "--audio", SampleCall.clip]
            let ended = try await Program.run(
                ["call", "--json", "--kill-server-at", moment, "--data-dir", folder] + clips,
                environment: SampleCall.engines
            )
            #expect(ended.status == 0, "\(ended.errors)")
            let order = try types(ended)
            #expect(order.count { $0 == "call.stream_connected" } == 2)
            #expect(order.contains("call.note") && order.contains("voice.session.interrupted"))
            let texts = try SampleCall.objects(ended).filter { $0["type"] as? String == "voice.assistant.text" }.compactMap { $0["text"] as? String }
            #expect(texts.contains { $0.hasPrefix("Sorry, we were cut off") }, "\(texts)")
        }
    }

    /// Names in snake case, no Swift: what scripts read.
    @Test func jsonHasOneShape() async throws {
        try await SampleCall.withFolder { folder in
            let arguments = ["call", "--json", "--plain", "--interrupt", "--data-dir", folder, "--audio", SampleCall.clip]
            let ended = try await Program.run(arguments, environment: SampleCall.engines)
            #expect(ended.status == 0, "\(ended.errors)")
            #expect(!ended.output.contains("Optional(") && !ended.output.contains("HungUp"))
            let objects = try SampleCall.objects(ended)
            #expect(objects.allSatisfy { isSnakeCase($0) }, "\(ended.output)")
            #expect(objects.last?["type"] as? String == "call.report")
            #expect(objects.last?["ending"] as? String == "caller_hung_up")
            let numbers = objects.compactMap { $0["seq"] as? Int }
            #expect(!numbers.isEmpty && Set(numbers).count == numbers.count, "an event on the socket and on the event stream is told once")
        }
    }

    private func isSnakeCase(_ value: Any) -> Bool {
        if let list = value as? [Any] { return list.allSatisfy(isSnakeCase) }
        guard let object = value as? [String: Any] else { return true }
        return object.allSatisfy { $0.key == $0.key.lowercased() && isSnakeCase($0.value) }
    }
}
