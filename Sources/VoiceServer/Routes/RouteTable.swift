import HTTPTypes
import Hummingbird

/// One route: its address, what its query may hold, and what answers.
struct Route: Sendable {
    typealias Handler = @Sendable (Request, ServerContext) async throws -> Response

    /// The query parameters that a route knows.
    enum Query: Sendable {
        /// Others are refused with 400.
        case only([String])
        /// Any: Twilio and load balancers send what they like.
        case any
    }

    /// The method; `HEAD` comes with `GET`.
    let method: HTTPRequest.Method
    /// The path; parts that begin with `:` stand for anything.
    let path: String
    let query: Query
    let handle: Handler

    static func get(_ path: String, query: Query = .only([]), _ handle: @escaping Handler) -> Route {
        Route(method: .get, path: path, query: query, handle: handle)
    }

    static func post(_ path: String, query: Query = .only([]), _ handle: @escaping Handler) -> Route {
        Route(method: .post, path: path, query: query, handle: handle)
    }

    static func delete(_ path: String, query: Query = .only([]), _ handle: @escaping Handler) -> Route {
        Route(method: .delete, path: path, query: query, handle: handle)
    }

    /// The path as metrics name it, such as `/api/voice/sessions/{id}`.
    var template: String { RouterPath(path).description }

    /// Whether a request's path is this route's.
    func matches(_ path: String) -> Bool {
        let own = self.path.split(separator: "/")
        let given = path.split(separator: "/")
        return own.count == given.count && zip(own, given).allSatisfy { $0.hasPrefix(":") || $0 == $1 }
    }

    /// Refuses query parameters that the route does not know.
    func check(_ request: Request, isGuarded: Bool) throws(Problem) {
        guard case .only(let names) = query else { return }
        let known = names + (isGuarded ? [BearerTokenMiddleware.parameter] : [])
        let given = request.uri.queryParameters.map { String($0.key) }
        guard let stray = given.first(where: { !$0.isEmpty && !known.contains($0) }) else { return }
        let others = known.isEmpty ? "there are none here" : "known are \(known.joined(separator: ", "))"
        throw Problem(.unknownParameter, "the query parameter \(LogField.escaped(String(stray.prefix(64)))) is unknown; \(others)")
    }
}

/// All routes of the server, declared once: the router, 405 with `Allow`, the check of query parameters and the metrics derive from them.
struct RouteTable: Sendable {
    /// Routes for anyone, and Twilio's, which check signatures.
    let open: [Route]
    /// Routes that want the API token.
    let guarded: [Route]

    /// All routes.
    var all: [Route] { open + guarded }

    /// The methods that a path has, in the order of their declaration; empty where no route is.
    func methods(at path: String) -> [HTTPRequest.Method] {
        var methods: [HTTPRequest.Method] = []
        for route in all where route.matches(path) {
            methods += (route.method == .get ? [.get, .head] : [route.method]).filter { !methods.contains($0) }
        }
        return methods
    }

    /// Makes the router: behind `middlewares`, the outermost first, with `guardian` before the guarded routes.
    func router(
        _ middlewares: [any MiddlewareProtocol<Request, Response, ServerContext>],
        guardian: BearerTokenMiddleware
    ) -> Router<ServerContext> {
        let router = Router(context: ServerContext.self, options: .autoGenerateHeadEndpoints)
        for middleware in middlewares { router.add(middleware: middleware) }
        let group = router.group().add(middleware: guardian)
        for route in open {
            router.on(RouterPath(route.path), method: route.method) { request, context in
                try route.check(request, isGuarded: false)
                return try await route.handle(request, context)
            }
        }
        for route in guarded {
            group.on(RouterPath(route.path), method: route.method) { request, context in
                try route.check(request, isGuarded: true)
                return try await route.handle(request, context)
            }
        }
        return router
    }
}
