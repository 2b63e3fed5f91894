import HTTPTypes
import Hummingbird

/// Whether the process is up, and whether it takes calls.
struct HealthRoutes: Sendable {
    let gate: EngineGate
    let directory: CallDirectory
    let health: ServerHealth

    /// Adds the routes.
    func add(to router: Router<ServerContext>) {
        router.get("/healthz") { _, _ in try Response(json: .object(["status": .string("ok")])) }
        router.get("/readyz") { _, _ in
            let isDraining = await directory.isDraining
            let isWriting = directory.log.isWriting
            let isLoaded = await gate.isReady
            let isReady = isLoaded && !isDraining && isWriting && !health.isOverloaded
            let status =
                isReady ? "ready" : isDraining ? "draining" : !isWriting ? "store_failing" : isLoaded ? "overloaded" : "loading"
            return try Response(json: .object(["status": .string(status)]), status: isReady ? .ok : .serviceUnavailable)
        }
    }
}
