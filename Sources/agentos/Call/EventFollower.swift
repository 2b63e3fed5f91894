import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1

/// Follows a session's events on the server's event stream.
struct EventFollower: Sendable {
    let webhook: String
    let token: String
    let session: String

    /// Gives each event's JSON until the session has stopped.
    ///
    /// The session is made by the webhook, which is on its way at the same time; until then the server answers 404.
    func follow(_ take: @escaping @Sendable (String) -> Void) async throws {
        guard let base = webhook.range(of: "/api/").map({ webhook[..<$0.lowerBound] }) else { return }
        var request = HTTPClientRequest(url: "\(base)/api/voice/sessions/\(session)/events")
        request.headers.add(name: "Authorization", value: "Bearer \(token)")
        try await HTTPClient.withHTTPClient { http in
            while !Task.isCancelled {
                let response = try await http.execute(request, deadline: .distantFuture)
                switch response.status {
                case .ok: return try await read(response.body, take)
                case .notFound: try await Task.sleep(for: .milliseconds(50))
                default: return
                }
            }
        }
    }

    private func read(_ body: HTTPClientResponse.Body, _ take: (String) -> Void) async throws {
        var pending = ByteBuffer()
        for try await var chunk in body {
            pending.writeBuffer(&chunk)
            while let end = pending.readableBytesView.firstIndex(of: UInt8(ascii: "\n")) {
                let line = pending.readString(length: end - pending.readerIndex) ?? ""
                pending.moveReaderIndex(forwardBy: 1)
                if line.hasPrefix("data: ") { take(String(line.dropFirst("data: ".count))) }
            }
        }
    }
}
