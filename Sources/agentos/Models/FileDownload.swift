import AsyncHTTPClient
import Diagnostics
import Engines
import Foundation
import NIOCore
import NIOHTTP1
import VoiceServer

/// Downloads one pinned file: resumes, checks, and only then gives it its name.
struct FileDownload {
    /// How often a connection that broke is taken up again.
    private static let attempts = 5
    private static let redirects = 10

    let file: ModelCatalog.File
    /// Where it comes from.
    let url: String
    /// Where it goes while the model is not whole.
    let folder: String
    let http: HTTPClient

    /// What is said after a failure: how to do without this download.
    let remedy: String

    /// A client that says at once that there is no network.
    static var clientConfiguration: HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .follow(max: redirects, allowCycles: false),
            timeout: .init(connect: .seconds(15), read: .seconds(60))
        )
        configuration.connectionPool.retryConnectionEstablishment = false
        return configuration
    }

    /// Brings the file; does nothing where it is there already.
    ///
    /// - Parameter received: told how many bytes of it are there.
    /// - Throws: ``StartError``; `CancellationError`.
    func run(_ received: (Int) -> Void) async throws {
        let path = "\(folder)/\(file.name)"
        guard !FileManager.default.fileExists(atPath: path) else { return received(file.size) }
        var part = try PartFile(path: "\(path).part")
        defer { part.close() }
        if part.size > 0 { received(part.size) }
        var reason = ""
        for _ in 0..<Self.attempts where part.size < file.size {
            do {
                try await fetch(into: &part, received)
                reason = "the server sent \(part.size) of \(file.size) bytes"
            } catch let broken as Interruption {
                reason = broken.reason
            }
        }
        guard part.size >= file.size else { throw failure(reason, kept: part.size) }
        try check(part)
        try FileManager.default.moveItem(atPath: part.path, toPath: path)
    }

    /// A connection that broke while the body came.
    private struct Interruption: Error {
        var reason: String
    }

    private func fetch(into part: inout PartFile, _ received: (Int) -> Void) async throws {
        var request = HTTPClientRequest(url: url)
        request.headers.add(name: "User-Agent", value: "agentos")
        if part.size > 0 { request.headers.add(name: "Range", value: "bytes=\(part.size)-") }
        let response = try await execute(request, kept: part.size)
        guard try place(response, in: &part) else { return }
        do {
            for try await chunk in response.body {
                try part.append(chunk)
                received(min(part.size, file.size))
                // More than was pinned is another file; its size says so.
                if part.size > file.size { return }
            }
        } catch let error as StartError {
            throw error
        } catch let error as CancellationError {
            throw error
        } catch {
            throw Interruption(reason: Self.reason(error))
        }
    }

    private func execute(_ request: HTTPClientRequest, kept: Int) async throws -> HTTPClientResponse {
        do {
            return try await http.execute(request, deadline: .distantFuture)
        } catch let error as CancellationError {
            throw error
        } catch {
            // A connection that was accepted and then closed may do better next time; one that cannot be made will not.
            if error as? HTTPClientError == .remoteConnectionClosed { throw Interruption(reason: Self.reason(error)) }
            throw failure(Self.reason(error), kept: kept)
        }
    }

    /// Looks where in the file the body belongs; false where the request must be made anew, from the beginning.
    private func place(_ response: HTTPClientResponse, in part: inout PartFile) throws -> Bool {
        switch response.status {
        case .ok:
            try part.empty()
        case .partialContent where response.headers.first(name: "Content-Range")?.hasPrefix("bytes \(part.size)-") == true:
            break
        case .partialContent, .rangeNotSatisfiable:
            try part.empty()
            return false
        default:
            throw failure("HTTP \(response.status.code) \(response.status.reasonPhrase)", kept: part.size, cure: "try again later")
        }
        if let length = response.headers.first(name: "Content-Length").flatMap({ Int($0) }), part.size + length != file.size {
            throw StartError(.badData, "\(url) is another file than the one pinned: it has \(part.size + length) bytes, not \(file.size); \(remedy)")
        }
        return true
    }

    /// Checks the whole file, and drops it where it is another, since nothing of it is of use.
    private func check(_ part: PartFile) throws {
        do {
            try ModelChecksum.verify(part.path, as: file)
        } catch {
            let found = (try? ModelChecksum.sha256(of: part.path)) ?? "unreadable"
            try? FileManager.default.removeItem(atPath: part.path)
            let pins = "its SHA-256 is \(found), not \(file.sha256)"
            throw StartError(
                .badData,
                "\(file.name) from \(url) is not the file that was pinned (\(pins)) and was thrown away; try again, or \(remedy)"
            )
        }
    }

    private func failure(_ reason: String, kept: Int, cure: String = "check the network") -> StartError {
        let again = kept > 0 ? " (\(kept) bytes are kept; another pull goes on from there)" : ""
        return StartError(.unavailable, "\(file.name) could not be downloaded from \(url): \(reason)\(again); \(cure), \(remedy)")
    }

    /// Why a request failed, in words.
    private static func reason(_ error: any Error) -> String {
        switch error as? HTTPClientError {
        case .connectTimeout?: "no connection within 15 s"
        case .readTimeout?: "nothing came for 60 s"
        case .remoteConnectionClosed?: "the connection broke"
        case .tlsHandshakeTimeout?: "the TLS handshake took too long"
        case .redirectLimitReached?, .redirectCycleDetected?: "the redirects do not end"
        case nil, .some: ErrorText.of(error)
        }
    }
}
