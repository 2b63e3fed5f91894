import Foundation
import NIOHTTP1
import TwilioTwin

/// Checks that the routes answer, and to whom.
struct RouteChecks {
    private static let fix = "this is a fault of the program; please report it"

    let list: CheckList
    let client: CheckClient

    /// Runs them.
    func run() async {
        await health()
        await tokens()
        await callbacks()
    }

    private func health() async {
        let client = client
        await list.check("/healthz answers that the process is up", fix: Self.fix) {
            let answer = try await client.get("/healthz", authorized: false)
            try require("the status", answer.status, is: 200)
            try require("its word", try answer.json([String: String].self)["status"], is: "ok")
        }
        await list.check("/readyz becomes ready", fix: "`agentos doctor` says what is missing") {
            let begin = ContinuousClock.now
            var status = try await client.get("/readyz", authorized: false).status
            while status == 503, begin.duration(to: .now) < .seconds(60) {
                try await Task.sleep(for: .milliseconds(50))
                status = try await client.get("/readyz", authorized: false).status
            }
            try require("the status", status, is: 200)
        }
    }

    private func tokens() async {
        let client = client
        await list.check("the REST API is closed without its token: 401", fix: Self.fix) {
            for path in ["/api/voice/sessions", "/api/voice/events", "/metrics"] {
                try require("the status of \(path)", try await client.get(path, authorized: false).status, is: 401)
                let forged: HTTPHeaders = ["Authorization": "Bearer \(client.token.reversed())x"]
                try require(
                    "the status of \(path) with a wrong token",
                    try await client.get(path, authorized: false, headers: forged).status,
                    is: 401
                )
            }
        }
        await list.check("the REST API is open with its token: 200", fix: Self.fix) {
            let answer = try await client.get("/api/voice/sessions")
            try require("the status", answer.status, is: 200)
            try require(answer.contentType.hasPrefix("application/json"), "the type is '\(answer.contentType)', not application/json")
        }
        await list.check("/metrics speaks Prometheus", fix: Self.fix) {
            let answer = try await client.get("/metrics")
            try require("the status", answer.status, is: 200)
            try require(answer.contentType.hasPrefix("text/plain"), "the type is '\(answer.contentType)', not text/plain")
            try require(answer.body.contains("# TYPE "), "no metric says its type")
        }
    }

    private func callbacks() async {
        let client = client
        await list.check("status callbacks are taken: 204", fix: Self.fix) {
            for path in ["status", "stream-status", "recording-status"] {
                let answer = try await client.post("/api/voice/twilio/\(path)", [("CallSid", Sid.random(.call)), ("CallStatus", "ringing")])
                try require("the status of \(path)", answer.status, is: 204)
            }
        }
        await list.check("an inbound call without CallSid, From or To is refused: 400", fix: Self.fix) {
            for missing in ["CallSid", "From", "To"] {
                let all = [("CallSid", Sid.random(.call)), ("From", "+14155551234"), ("To", "+14155555678")]
                let answer = try await client.post("/api/voice/twilio/inbound", all.filter { $0.0 != missing })
                try require("the status without \(missing)", answer.status, is: 400)
            }
        }
    }
}
