import CoreMetrics
import HTTPTypes
import Hummingbird
import Logging
import Synchronization

/// Logs requests to unknown paths (404) and with methods that a path does not support (405).
///
/// An operator finds a mistyped webhook by its log line. A scanner cannot flood the log: paths with the same beginning are logged once in ten
/// minutes, and the total rate is limited.
final class NotFoundLog: Sendable {
    /// A request that was answered 404 or 405.
    struct Attempt: Sendable {
        var method: String
        /// Without the query, which may hold a token.
        var path: String
        /// 404 or 405.
        var status: Int
        /// Whether its headers say that Twilio sent it.
        var isTwilio = false
        /// Whether there is such a route, and it did not find what was asked for.
        var isRoute = false
        /// Whether it asks for a WebSocket.
        var isSocket = false
        /// The methods that there are.
        var allowed: String?
    }

    private struct State {
        var routes: [String] = []
        /// When a path with this beginning was last logged.
        var told: [String: ContinuousClock.Instant] = [:]
        var window = LineLimit.Window()
    }

    /// How many beginnings of paths are remembered.
    private static let maximumFamilies = 64
    private static let pause = Duration.seconds(600)
    /// Characters of a path that are shown.
    private static let longestPath = 200
    private static let familyParts = 3

    private let metrics: ServerMetrics
    private let logger: Logger
    private let state = Mutex(State())

    /// Makes a log that knows no routes yet.
    init(metrics: ServerMetrics, logger: Logger) {
        self.metrics = metrics
        self.logger = logger
    }

    /// Sets the known routes, for suggestions.
    func know(_ routes: [String]) {
        state.withLock { $0.routes = routes.filter { !$0.contains("{") && !$0.contains(":") } }
    }

    /// Counts a request and logs it.
    func note(_ attempt: Attempt) {
        metrics.notFound.increment()
        let level: Logger.Level = isNews(attempt) ? .info : .debug
        guard logger.logLevel <= level else { return }
        var metadata: Logger.Metadata = [
            "method": "\(attempt.method.prefix(20))", "path": "\(attempt.path.prefix(Self.longestPath))", "status": "\(attempt.status)",
        ]
        if let allowed = attempt.allowed { metadata["allow"] = "\(allowed)" }
        if let suggestion = suggestion(attempt) { metadata["hint"] = "did you mean \(suggestion)?" }
        logger.log(
            level: level,
            attempt.status == 405 ? "A request has a method that its address does not have" : "There is nothing at the address of a request",
            metadata: metadata
        )
    }

    private func isNews(_ attempt: Attempt) -> Bool {
        let start = attempt.path.prefix(Self.longestPath).split(separator: "/").prefix(Self.familyParts).joined(separator: "/")
        let family = "\(attempt.status) \(start)"
        let now = ContinuousClock.now
        return state.withLock { state in
            if let told = state.told[family], now - told < Self.pause { return false }
            if state.told.count >= Self.maximumFamilies { state.told = state.told.filter { now - $0.value < Self.pause } }
            guard state.told.count < Self.maximumFamilies, state.window.take(at: now) != nil else { return false }
            state.told[family] = now
            return true
        }
    }

    private func suggestion(_ attempt: Attempt) -> String? {
        guard attempt.status == 404, !attempt.isRoute else { return nil }
        if attempt.isSocket { return StreamGate.path + "{session_id}" }
        return Self.suggestion(for: attempt.path, isTwilio: attempt.isTwilio, among: state.withLock(\.routes))
    }

    /// The route that was probably meant.
    static func suggestion(for path: String, isTwilio: Bool, among routes: [String]) -> String? {
        let parts = path.prefix(longestPath).lowercased().split(separator: "/")
        let path = "/" + parts.joined(separator: "/")
        let inbound = "/api/voice/twilio/inbound"
        let candidates = routes.filter { $0.count > 1 && (!isTwilio || $0.hasPrefix("/api/voice/twilio/")) }
        if let last = parts.last, let same = candidates.first(where: { $0.split(separator: "/").last == last }) { return same }
        let most = max(2, path.count / 4)
        let distances = candidates.map { (Word.distance(path, $0), $0) }.filter { $0.0 <= most }
        if let nearest = distances.min(by: { $0 < $1 }) { return nearest.1 }
        // Twilio's first request is always the inbound webhook.
        return isTwilio || path == "/api/voice/twilio" ? candidates.first { $0 == inbound } : nil
    }
}

/// Tells the ``NotFoundLog`` of answers that say 404 or 405.
struct NotFoundMiddleware: RouterMiddleware {
    typealias Context = ServerContext

    let log: NotFoundLog

    func handle(
        _ request: Request,
        context: ServerContext,
        next: @concurrent (Request, ServerContext) async throws -> Response
    ) async throws -> Response {
        // Afterwards the router has a name for where there is no route, too.
        let isRoute = context.endpointPath != nil
        let response = try await next(request, context)
        guard response.status == .notFound || response.status == .methodNotAllowed else { return response }
        let signature = request.headers[.twilioSignature]
        let attempt = NotFoundLog.Attempt(
            method: request.method.rawValue,
            path: request.uri.path,
            status: response.status.code,
            isTwilio: TwilioGuard.claimsToBeTwilio(userAgent: request.headers[.userAgent], signature: signature),
            isRoute: isRoute,
            allowed: response.headers[.allow]
        )
        log.note(attempt)
        return response
    }
}
