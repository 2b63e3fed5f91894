import Foundation
import Twilio
import TwilioTwin

/// Checks a whole call: Twilio's side is played in real time, with words that the offline voice says.
struct CallChecks {
    private static let fix = "`agentos call --say '\(EngineChecks.sentence)'` shows the call"
    private static let sentence = EngineChecks.sentence

    let list: CheckList
    let client: CheckClient

    /// Runs them.
    func run() async {
        let client = client
        let report = await list.check("a call is answered: stream open, speech heard, an answer played, Twilio finds no fault", fix: Self.fix) {
            try await Self.place(to: client)
        }
        if let report { await afterCall("twilio-\(report.callSid)") }
        await unknownSessions()
    }

    private static func place(to client: CheckClient) async throws -> TwinCallReport {
        let clip = try await EngineChecks.spoken()
        let call = TwinCallConfiguration(
            webhookURL: "\(client.address)/api/voice/twilio/inbound",
            // It has no greeting to wait for.
            script: .conversation([(label: sentence, samples: clip)], interrupts: true)
        )
        let report = try await TwinCall(call).run()
        try require(report.failures.isEmpty, "\(report.failures.map(\.message).joined(separator: ", "))")
        try require(report.faults.isEmpty, "Twilio would log \(report.faults.map { "\($0)" }.joined(separator: ", "))")
        try require(report.ending == .callerHungUp, "the call ended because \(report.ending.words)")
        try require(report.turns.first?.responseMs != nil, "the caller heard no answer within 20 s")
        return report
    }

    private func afterCall(_ id: String) async {
        let client = client
        let events = await list.check("its session went from created over active to stopped", fix: Self.fix) {
            let events = try await client.events(of: id)
            let states = events.map(\.type).filter { $0.hasPrefix("voice.session.") }
            try require("the order of its states", states, is: ["voice.session.created", "voice.session.active", "voice.session.stopped"])
            let session = try await client.session(id)
            try require("its state", session.state, is: "stopped")
            try require(session.stopReason?.isEmpty == false, "it does not say why it stopped")
            return events
        }
        guard let events else { return }
        await list.check("the caller's words are recognised and answered", fix: Self.fix) {
            let heard = try unwrap(events.first { $0.type == "voice.stt.final" }?.text, "no words were recognised")
            try require(EngineChecks.holdsSentence(heard), "what was recognised is '\(heard)', not '\(Self.sentence)'")
            try require("the answer", events.first { $0.type == "voice.assistant.text" }?.text, is: "You said: \(heard)")
        }
        await list.check("its events are numbered without gaps", fix: Self.fix) {
            try require(events.count >= 5, "there are \(events.count) events only")
            try require("their numbers", events.map(\.seq), is: Array(1...events.count))
        }
        await list.check("the event stream resumes after Last-Event-ID", fix: Self.fix) {
            let rest = try await client.events(of: id, after: 2)
            try require("the numbers after 2", rest.map(\.seq), is: Array(events.map(\.seq).dropFirst(2)))
        }
        await list.check("its transcript has both sides", fix: Self.fix) {
            let answer = try await client.get("/api/voice/sessions/\(id)/transcript")
            let turns = try answer.json(CheckedTranscript.self).turns
            try require("the sides", turns.prefix(2).map(\.role), is: ["caller", "assistant"])
            try require(turns.allSatisfy { !$0.text.isEmpty }, "a turn is empty")
        }
    }

    private func unknownSessions() async {
        let client = client
        await list.check("the socket of an unknown session: 404 for Twilio", fix: Self.fix) {
            do {
                try await Self.socket(client, userAgent: "Twilio.TmeWs/1.0").withConnection { _, _ in }
            } catch let error as TwinError where error.code == .handshakeRefused {
                return try require("the status", error.status, is: 404)
            }
            throw CheckFailure("the handshake is accepted")
        }
        await list.check("the socket of an unknown session: one error event for others, then the end", fix: Self.fix) {
            let types = try await Self.socket(client, userAgent: "agentos-verify").withConnection { inbound, _ in
                var types: [String] = []
                for try await case .text(let bytes) in inbound { types.append(try JSONDecoder().decode(CheckedError.self, from: Data(bytes)).type) }
                return types
            }
            try require("what is sent", types, is: ["error"])
        }
    }

    private static func socket(_ client: CheckClient, userAgent: String) throws -> MediaStreamClient {
        let url = try unwrap(URL(string: client.address), "\(client.address) is no URL")
        let host = try unwrap(url.host(), "\(client.address) has no host")
        let port = try unwrap(url.port, "\(client.address) has no port")
        let path = "/api/voice/twilio/stream/twilio-\(Sid.random(.call))"
        return MediaStreamClient(
            target: MediaSocketTarget(
                host: host,
                port: port,
                isSecure: false,
                path: path,
                authority: "\(host):\(port)",
                headers: [(name: "User-Agent", value: userAgent)]
            )
        )
    }
}

/// A transcript; the fields that are checked.
private struct CheckedTranscript: Decodable {
    struct Turn: Decodable {
        var role: String
        var text: String
    }
    var turns: [Turn]
}

/// The type of a message on the media socket.
private struct CheckedError: Decodable {
    var type: String
}
