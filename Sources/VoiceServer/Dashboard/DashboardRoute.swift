import HTTPTypes
import Hummingbird
import NIOCore

/// The live view of all calls for people: one page without anything from elsewhere, fed by the event stream.
struct DashboardRoute: Sendable {
    /// Adds the route to a group that has checked the token.
    func add(to group: RouterGroup<ServerContext>) {
        group.get("/") { _, _ in
            Response(
                status: .ok,
                headers: [
                    .contentType: "text/html; charset=utf-8",
                    // Callers' words are shown here: nothing but the page's own script may run, and the token stays out of other logs.
                    .contentSecurityPolicy: "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'",
                    .cacheControl: "no-store",
                    .referrerPolicy: "no-referrer",
                ],
                body: .init(byteBuffer: ByteBuffer(string: DashboardPage.html))
            )
        }
    }
}

extension HTTPField.Name {
    /// `Referrer-Policy`.
    fileprivate static var referrerPolicy: Self {
        guard let field = Self("Referrer-Policy") else { preconditionFailure("Referrer-Policy is a token") }
        return field
    }
}
