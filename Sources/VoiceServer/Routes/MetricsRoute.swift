import HTTPTypes
import Hummingbird
import NIOCore

/// The server's numbers for Prometheus.
struct MetricsRoute: Sendable {
    let registry: PrometheusRegistry

    /// The route; it wants the token.
    var routes: [Route] {
        [
            .get("/metrics") { _, _ in
                Response(
                    status: .ok,
                    headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
                    body: .init(byteBuffer: ByteBuffer(string: registry.render(adding: ProcessStatus.read()?.samples ?? [])))
                )
            }
        ]
    }
}
