import HTTPTypes
import Hummingbird

/// Lets requests through that carry the API token, as a bearer token or, where a browser cannot set headers, as `token=`.
struct BearerTokenMiddleware: RouterMiddleware {
    typealias Context = ServerContext

    /// The query parameter that may carry the token.
    static let parameter = "token"

    let token: String
    let metrics: ServerMetrics
    let audit: Audit

    func handle(
        _ request: Request,
        context: ServerContext,
        next: @concurrent (Request, ServerContext) async throws -> Response
    ) async throws -> Response {
        let given = bearer(request) ?? request.uri.queryParameters[Self.parameter[...]].map(String.init)
        guard let given, ConstantTime.areEqual(given, token) else {
            metrics.refused(.badBearer)
            audit.record(.tokenRefused(route: request.uri.path))
            let message = "this needs the header Authorization: Bearer TOKEN (api-token in the data directory)"
            throw Problem(.unauthorized, message, headers: [.wwwAuthenticate: "Bearer"])
        }
        return try await next(request, context)
    }

    private func bearer(_ request: Request) -> String? {
        guard let header = request.headers[.authorization], header.lowercased().hasPrefix("bearer ") else { return nil }
        return String(header.dropFirst("bearer ".count))
    }
}
