import Diagnostics
import Engines
import Conversation
import HTTPTypes
import Hummingbird
import Logging

/// What is kept of one caller: to be shown, and to be deleted.
struct CallerRoutes: Sendable {
    let erasure: CallerErasure
    /// Other servers that keep calls; nil where there are none.
    let fleet: Fleet?
    let audit: Audit
    let logger: Logger

    /// The routes; they want the token.
    var routes: [Route] {
        [
            .get("/api/voice/callers/:number/sessions", query: .only(SessionPage.parameters)) { request, context in
                try await sessions(request, of: caller(context))
            },
            .delete("/api/voice/callers/:number") { _, context in try await erase(caller(context)) },
        ]
    }

    private func sessions(_ request: Request, of caller: String) async throws -> Response {
        let page = try SessionPage(request)
        try await page.checkAnchor(mayBeMoment: false) { try await erasure.isKnown($0) }
        return try Response(json: .object(page.members(try await erasure.sessions(of: caller, before: page.before, limit: page.lookedFor))))
    }

    private func erase(_ caller: String) async throws -> Response {
        let report: CallerErasure.Report
        do {
            report = try await erasure.erase(caller)
        } catch let error as ErasureError {
            logger.error("A caller's data could not be erased to the last trace", metadata: ["error": "\(ErrorText.of(error))"])
            throw Problem(.internalError, "\(error)")
        }
        let unfinished = await fleet?.erase(caller: caller)
        audit.record(.command("caller.erase", outcome: report.running.isEmpty ? "done" : "a call has not ended"))
        logger.notice(
            "A caller's data was erased",
            metadata: [
                "sessions": "\(report.erased.count)", "left_because_running": "\(report.running.count)", "unfinished": "\(unfinished?.count ?? 0)",
            ]
        )
        var json: [String: JSONValue] = [
            "erased": .array(report.erased.map(JSONValue.string)), "running": .array(report.running.map(JSONValue.string)),
        ]
        if let unfinished { json["unfinished_servers"] = .array(unfinished.map(JSONValue.string)) }
        guard !report.running.isEmpty || unfinished?.isEmpty == false else { return try Response(json: .object(json)) }
        let cure = "end the calls that are running, start the servers that are away, and erase again"
        let problem = Problem(.callsRunning, "not everything is erased: \(cure)")
        json.merge(problem.fields) { _, new in new }
        return try Response(json: .object(json), status: problem.code.status)
    }

    /// The caller whose number a path names.
    private func caller(_ context: ServerContext) throws(Problem) -> String {
        guard let caller = CallerKey.key(of: context.parameters.get("number") ?? "") else {
            throw Problem(.badParameter, "a withheld number is nobody's: name a number such as +14155551234")
        }
        return caller
    }
}
