import CoreMetrics
import HTTPTypes
import Hummingbird

/// Counts answered requests by route, method and class of status; the handshakes of media sockets are among them.
///
/// Labels are made of what the server declares, never of what a request says.
struct RequestMetrics: RouterMiddleware {
    typealias Context = ServerContext

    /// What stands for routes and methods that nobody declared.
    private static let other = "other"
    private static let classes = ["2xx", "4xx", "5xx"]
    private static let methods: Set<HTTPRequest.Method> = [.get, .head, .post, .put, .patch, .delete, .options]

    private let routes: RouteTable
    private let factory: any MetricsFactory

    /// Makes the series of all routes.
    init(routes: RouteTable, factory: any MetricsFactory) {
        self.routes = routes
        self.factory = factory
        for route in routes.all {
            for status in Self.classes { count(route.template, route.method.rawValue, status, by: 0) }
        }
        count(Self.other, HTTPRequest.Method.get.rawValue, "4xx", by: 0)
        count(template(of: StreamGate.path + ":id"), HTTPRequest.Method.get.rawValue, "1xx", by: 0)
    }

    func handle(
        _ request: Request,
        context: ServerContext,
        next: @concurrent (Request, ServerContext) async throws -> Response
    ) async throws -> Response {
        let response = try await next(request, context)
        let method = Self.methods.contains(request.method) ? request.method.rawValue : Self.other
        count(template(of: request.uri.path), method, "\(response.status.code / 100)xx")
        return response
    }

    /// Counts a handshake, which is decided before there is a request to route.
    func noteHandshake(_ uri: String, status: HTTPResponse.Status) {
        count(template(of: String(uri.prefix { $0 != "?" })), HTTPRequest.Method.get.rawValue, "\(status.code / 100)xx")
    }

    private func template(of path: String) -> String {
        routes.all.first { $0.matches(path) }?.template ?? Self.other
    }

    private func count(_ route: String, _ method: String, _ status: String, by amount: Int = 1) {
        let labels = [("route", route), ("method", method), ("status", status)]
        Counter(.httpRequests, labels, factory: factory).increment(by: amount)
    }
}
