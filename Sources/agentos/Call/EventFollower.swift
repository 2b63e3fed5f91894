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
    /// The session is made by the webhook, which is on its way at the same time; until then the server answers 404. A server that goes away is
    /// asked again after the last event it told.
    func follow(_ take: @escaping @Sendable (String) -> Void) async throws {
        guard let base = webhook.range(of: "/api/").map({ webhook[..<$0.lowerBound] }) else { return }
        var request = HTTPClientRequest(url: "\(base)/api/voice/sessions/\(session)/events")
        request.headers.add(name: "Authorization", value: "Bearer \(token)")
        try await HTTPClient.withHTTPClient { http in
            var last = 0
            while !Task.isCancelled {
                if last > 0 { request.headers.replaceOrAdd(name: "Last-Event-ID", value: "\(last)") }
                do {
                    let response = try await http.execute(request, deadline: .distantFuture)
                    switch response.status {
                    case .ok: return try await read(response.body, last: &last, take)
                    case .notFound: break
                    default: return
                    }
                } catch let error as CancellationError {
                    throw error
                } catch {
                    // The server is away; whether for good the call itself finds out.
                }
                try await Task.sleep(for: .milliseconds(50))
            }
        }
    }

    private func read(_ body: HTTPClientResponse.Body, last: inout Int, _ take: (String) -> Void) async throws {
        var pending = ByteBuffer()
        for try await var chunk in body {
            pending.writeBuffer(&chunk)
            while let end = pending.readableBytesView.firstIndex(of: UInt8(ascii: "\n")) {
                let line = pending.readString(length: end - pending.readerIndex) ?? ""
                pending.moveReaderIndex(forwardBy: 1)
                if line.hasPrefix("id: "), let id = Int(line.dropFirst("id: ".count)) { last = id }
                if line.hasPrefix("data: ") { take(String(line.dropFirst("data: ".count))) }
            }
        }
    }
}
