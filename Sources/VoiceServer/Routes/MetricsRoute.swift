import HTTPTypes
import Hummingbird
import NIOCore

/// The server's numbers for Prometheus.
struct MetricsRoute: Sendable {
    let registry: PrometheusRegistry

    /// Adds the route to a group that has checked the token.
    func add(to group: RouterGroup<ServerContext>) {
        group.get("/metrics") { _, _ in
            Response(
                status: .ok,
                headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
                body: .init(byteBuffer: ByteBuffer(string: registry.render()))
            )
        }
    }
}
