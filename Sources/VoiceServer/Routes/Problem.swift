import Diagnostics
import Engines
import HTTPTypes
import Hummingbird
import Logging
import NIOHTTP1

/// A request that is answered with an error: what is wrong, how to mend it, and a code for programs.
struct Problem: Error {
    /// What kind of error it is; the status follows from it.
    enum Code: String, CaseIterable {
        case badParameter = "bad_parameter"
        case unknownParameter = "unknown_parameter"
        case unauthorized
        case notFound = "not_found"
        case unknownSession = "unknown_session"
        case methodNotAllowed = "method_not_allowed"
        case sessionStopped = "session_stopped"
        case callsRunning = "calls_running"
        case wrongState = "wrong_state"
        case notConnected = "not_connected"
        case notAllowed = "not_allowed"
        case keyReused = "key_reused"
        case upgradeRequired = "upgrade_required"
        case internalError = "internal_error"
        case unavailable

        /// The status of the answer.
        var status: HTTPResponse.Status {
            switch self {
            case .badParameter, .unknownParameter: .badRequest
            case .unauthorized: .unauthorized
            case .notFound, .unknownSession: .notFound
            case .methodNotAllowed: .methodNotAllowed
            case .sessionStopped, .callsRunning, .wrongState, .notConnected, .keyReused: .conflict
            case .notAllowed: .forbidden
            case .upgradeRequired: .upgradeRequired
            case .internalError: .internalServerError
            case .unavailable: .serviceUnavailable
            }
        }
    }

    let code: Code
    /// One line.
    let message: String
    /// Further headers of the answer.
    var headers: HTTPFields = [:]

    init(_ code: Code, _ message: String, headers: HTTPFields = [:]) {
        self.code = code
        self.message = message
        self.headers = headers
    }

    /// What every error has in its JSON object.
    var fields: [String: JSONValue] { ["error": .string(message), "code": .string(code.rawValue)] }

    /// The answer.
    var response: Response {
        var response = Response(error: message, code: code.rawValue, status: code.status)
        for field in headers { response.headers[field.name] = field.value }
        return response
    }
}

/// Answers errors as JSON: those that routes throw, paths that lead nowhere, and methods that a path does not have.
struct ProblemAnswers: RouterMiddleware {
    typealias Context = ServerContext

    let routes: RouteTable
    let logger: Logger

    func handle(
        _ request: Request,
        context: ServerContext,
        next: @concurrent (Request, ServerContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as HTTPParserError {
            // The connection closes; there is nobody to answer.
            throw error
        } catch {
            let response = problem(error, request).response
            // An answer to HEAD has no body; those of routes lose theirs in the router.
            return request.method == .head ? response.createHeadResponse() : response
        }
    }

    private func problem(_ error: any Error, _ request: Request) -> Problem {
        switch error {
        case let problem as Problem: return problem
        case let error as any HTTPResponseError where error.status == .notFound: return noRoute(request)
        case let error as any HTTPResponseError where error.status.kind == .clientError:
            return Problem(.badParameter, "the request cannot be read: \(error.status.reasonPhrase)")
        default:
            if !(error is CancellationError) {
                logger.error("A request failed", metadata: ["path": "\(request.uri.path)", "error": "\(ErrorText.of(error))"])
            }
            return Problem(.internalError, "the server failed to answer; its log says why")
        }
    }

    private func noRoute(_ request: Request) -> Problem {
        let path = LogField.onOneLine(String(request.uri.path.prefix(200)))
        let methods = routes.methods(at: request.uri.path)
        guard !methods.isEmpty else { return Problem(.notFound, "there is nothing at \(path); docs/reference.md lists the routes") }
        let allowed = methods.map(\.rawValue).joined(separator: ", ")
        return Problem(.methodNotAllowed, "\(request.method.rawValue) does not work here; use \(allowed)", headers: [.allow: allowed])
    }
}
