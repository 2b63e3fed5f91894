import CoreMetrics
import HTTPTypes
import Hummingbird

/// Counts answered requests by route, method and class of status.
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
    }

    func handle(
        _ request: Request,
        context: ServerContext,
        next: @concurrent (Request, ServerContext) async throws -> Response
    ) async throws -> Response {
        let response = try await next(request, context)
        let route = routes.all.first { $0.matches(request.uri.path) }?.template ?? Self.other
        let method = Self.methods.contains(request.method) ? request.method.rawValue : Self.other
        count(route, method, "\(response.status.code / 100)xx")
        return response
    }

    private func count(_ route: String, _ method: String, _ status: String, by amount: Int = 1) {
        let labels = [("route", route), ("method", method), ("status", status)]
        Counter(.httpRequests, labels, factory: factory).increment(by: amount)
    }
}
