import AsyncHTTPClient
import NIOCore
import VoiceServer

/// Waits until a server has loaded its engines: a call that came earlier would only measure that.
enum ServerReadiness {
    private static let limit = Duration.seconds(180)

    /// Returns when `/readyz` says anything else than `loading`.
    ///
    /// - Throws: ``StartError`` when the server stops, or takes longer than any model does.
    static func wait(for address: String, whileRunning isRunning: @Sendable () -> Bool = { true }) async throws {
        let deadline = ContinuousClock.now + limit
        try await HTTPClient.withHTTPClient { http in
            while try await isLoading(address, http) {
                guard isRunning() else {
                    throw StartError(.unavailable, "the server stopped before its engines were loaded; its own words are above")
                }
                guard ContinuousClock.now < deadline else {
                    throw StartError(.unavailable, "the engines were not loaded within \(limit); use a smaller --whisper-model")
                }
                try await Task.sleep(for: .milliseconds(50))
            }
        }
    }

    private static func isLoading(_ address: String, _ http: HTTPClient) async throws -> Bool {
        do {
            let response = try await http.execute(HTTPClientRequest(url: "\(address)/readyz"), timeout: .seconds(10))
            return String(buffer: try await response.body.collect(upTo: 1 << 16)).contains("\"loading\"")
        } catch {
            // It answers again, or it has stopped.
            try Task.checkCancellation()
            return true
        }
    }
}
