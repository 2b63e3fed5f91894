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

    /// Adds the routes to a group that has checked the token.
    func add(to group: RouterGroup<ServerContext>) {
        group.get("/api/voice/callers/:number/sessions") { request, context in
            try await withCaller(context) { try await sessions(request, of: $0) }
        }
        group.delete("/api/voice/callers/:number") { _, context in
            try await withCaller(context) { try await erase($0) }
        }
    }

    private func sessions(_ request: Request, of caller: String) async throws -> Response {
        guard let limit = APIRoutes.limit(request) else { return try APIRoutes.badLimit() }
        let found = try await erasure.sessions(of: caller, before: request.uri.queryParameters["before"].map(String.init), limit: limit)
        return try Response(json: .object(["sessions": .array(found.map(\.json))]))
    }

    private func erase(_ caller: String) async throws -> Response {
        let report: CallerErasure.Report
        do {
            report = try await erasure.erase(caller)
        } catch let error as ErasureError {
            logger.error("A caller's data could not be erased to the last trace", metadata: ["error": "\(ErrorText.of(error))"])
            return try .problem("\(error)", status: .internalServerError)
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
        return try Response(json: .object(json), status: report.running.isEmpty && unfinished?.isEmpty != false ? .ok : .conflict)
    }

    private func withCaller(_ context: ServerContext, _ answer: (String) async throws -> Response) async throws -> Response {
        guard let caller = CallerKey.key(of: context.parameters.get("number") ?? "") else {
            return try .problem("a withheld number is nobody's: name a number such as +14155551234", status: .badRequest)
        }
        return try await answer(caller)
    }
}
