import Engines
import HTTPTypes
import Hummingbird

/// Whether the process is up, and whether it takes calls.
struct HealthRoutes: Sendable {
    let version: ProgramVersion
    let gate: EngineGate
    let directory: CallDirectory
    let health: ServerHealth
    let fleet: Fleet?

    /// The routes; anyone may use them.
    var routes: [Route] {
        [
            .get("/healthz", query: .any) { _, _ in
                try Response(
                    json: .object([
                        "status": .string("ok"), "version": .string(ProgramVersion.number), "commit": .string(version.commit),
                    ])
                )
            },
            .get("/readyz", query: .any) { _, _ in try await readiness() },
        ]
    }

    private func readiness() async throws -> Response {
        let isDraining = await directory.isDraining
        let isWriting = directory.log.isWriting
        let isLoaded = await gate.isReady
        let isReady = isLoaded && !isDraining && isWriting && !health.isOverloaded
        let status =
            isReady ? "ready" : isDraining ? "draining" : !isWriting ? "store_failing" : isLoaded ? "overloaded" : "loading"
        var answer: [String: JSONValue] = ["status": .string(status)]
        // Calls are taken without Redis, too: it is no reason to send them elsewhere.
        if let fleet { answer["redis"] = .string(fleet.isUp ? "up" : "away") }
        return try Response(json: .object(answer), status: isReady ? .ok : .serviceUnavailable)
    }
}
