import HTTPTypes
import Hummingbird

/// Tells browsers to keep what they are shown to themselves: an address may carry the API token, a page what callers said.
struct SecurityHeaders: RouterMiddleware {
    typealias Context = ServerContext

    func handle(
        _ request: Request,
        context: ServerContext,
        next: @concurrent (Request, ServerContext) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        // The address of a page with the token in it goes to nobody.
        response.headers[.referrerPolicy] = "no-referrer"
        response.headers[.contentTypeOptions] = "nosniff"
        response.headers[.frameOptions] = "DENY"
        if response.headers[.cacheControl] == nil { response.headers[.cacheControl] = "no-store" }
        return response
    }
}

extension HTTPField.Name {
    /// `Referrer-Policy`.
    fileprivate static let referrerPolicy = named("Referrer-Policy")
    /// `X-Content-Type-Options`.
    fileprivate static let contentTypeOptions = named("X-Content-Type-Options")
    /// `X-Frame-Options`.
    fileprivate static let frameOptions = named("X-Frame-Options")
}
