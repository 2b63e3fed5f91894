import Engines
import Foundation
import NIOHTTP1
import Testing
import VoiceServer

@testable import agentos

/// Pulling a model from a server of our own.
@Suite
struct ModelDownloadTests {
    /// A model of two small files.
    private struct Example: Sendable {
        let files: [String: [UInt8]] = [
            "x-encoder.int8.onnx": (0..<5000).map { UInt8(truncatingIfNeeded: $0 &* 7) },
            "x-tokens.txt": Array("YQ== 0\n".utf8),
        ]
        let entry: ModelCatalog.Entry
        let folder: String

        var destination: String { "\(folder)/models/whisper-x" }

        /// Lends a model and an empty folder, which is removed afterwards.
        static func withExample(_ body: (Example) async throws -> Void) async throws {
            let folder = FileManager.default.temporaryDirectory.appending(path: "agentos-tests-\(UUID().uuidString)").path
            defer { try? FileManager.default.removeItem(atPath: folder) }
            try await body(try Example(folder: folder))
        }

        private init(folder: String) throws {
            self.folder = folder
            var entry = try #require(ModelCatalog.entry(named: "base"))
            entry.name = "x"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            entry.files = []
            for (name, content) in files.sorted(by: { $0.key < $1.key }) {
                let path = "\(folder)/\(name)"
                try Data(content).write(to: URL(fileURLWithPath: path))
                let hash = try ModelChecksum.sha256(of: path)
                entry.files.append(.init(name: name, url: "http://127.0.0.1:1/unused/\(name)", size: content.count, sha256: hash))
            }
            self.entry = entry
        }

        /// The content of the file that a request asks for.
        func content(_ request: FileServer.Request) -> [UInt8] {
            files[URL(fileURLWithPath: request.uri).lastPathComponent] ?? []
        }

        func download(from mirror: String?) -> ModelDownload {
            ModelDownload(entry: entry, destination: destination, mirror: mirror)
        }

        /// Pulls, which must succeed.
        func install(from mirror: String) async throws {
            let outcome = try await download(from: mirror).run { _ in }
            #expect(outcome == .installed)
            let isInstalled = try isInstalled()
            #expect(isInstalled)
        }

        func isInstalled() throws -> Bool {
            guard FileManager.default.fileExists(atPath: destination) else { return false }
            let names = try FileManager.default.contentsOfDirectory(atPath: destination).sorted()
            #expect(names == entry.files.map(\.name))
            return try files.allSatisfy { try Data(contentsOf: URL(fileURLWithPath: "\(destination)/\($0.key)")) == Data($0.value) }
        }
    }

    /// Pulls and gives the error.
    private func failure(of download: ModelDownload) async throws -> StartError {
        try await #require(throws: StartError.self) { _ = try await download.run { _ in } }
    }

    @Test
    func everyFileIsDownloadedCheckedAndInstalled() async throws {
        try await Example.withExample { example in
            try await FileServer.withServer(answer: { .file(example.content($0), $0) }) { server in
                var received: [Int] = []
                let outcome = try await example.download(from: "\(server.url)/mirror/").run { received.append($0) }
                let isInstalled = try example.isInstalled()
                #expect(outcome == .installed)
                #expect(isInstalled)
                #expect(received.last == example.entry.size)
                #expect(received == received.sorted())
                #expect(server.requests.map(\.uri) == example.entry.files.map { "/mirror/\($0.name)" })
            }
        }
    }

    @Test
    func aModelThatIsThereIsNotDownloadedAgain() async throws {
        try await Example.withExample { example in
            try await FileServer.withServer(answer: { .file(example.content($0), $0) }) { server in
                try await example.install(from: server.url)
                let asked = server.requests.count
                let outcome = try await example.download(from: server.url).run { _ in }
                #expect(outcome == .alreadyThere)
                #expect(server.requests.count == asked)
            }
        }
    }

    @Test
    func aConnectionThatBreaksIsTakenUpWhereItStopped() async throws {
        try await Example.withExample { example in
            try await FileServer.withServer(answer: { request in
                let breaks = request.range == nil && request.uri.hasSuffix("onnx")
                return .file(example.content(request), request, breaksAfter: breaks ? 2000 : nil)
            }) { server in
                try await example.install(from: server.url)
                #expect(server.requests.map(\.range) == [nil, "bytes=2000-", nil])
            }
        }
    }

    @Test
    func aPullThatWasCutOffGoesOnInTheNext() async throws {
        try await Example.withExample { example in
            // Dies after 300 bytes, each time.
            try await FileServer.withServer(answer: { .file(example.content($0), $0, breaksAfter: 300) }) { server in
                let error = try await failure(of: example.download(from: server.url))
                #expect(error.code == .unavailable)
                #expect(error.message.contains("1500 bytes are kept"))
                #expect(!FileManager.default.fileExists(atPath: example.destination))
            }
            try await FileServer.withServer(answer: { .file(example.content($0), $0) }) { server in
                try await example.install(from: server.url)
                #expect(server.requests.first?.range == "bytes=1500-")
            }
        }
    }

    @Test
    func aServerWithoutRangesIsReadFromTheBeginning() async throws {
        try await Example.withExample { example in
            try await FileServer.withServer(answer: { request in
                let breaks = request.range == nil && request.uri.hasSuffix("onnx")
                return .init(status: .ok, body: example.content(request), breaksAfter: breaks ? 2000 : nil)
            }) { server in
                try await example.install(from: server.url)
                #expect(server.requests.count == 3)
            }
        }
    }

    @Test
    func aRangeTheServerRefusesIsReadFromTheBeginning() async throws {
        try await Example.withExample { example in
            try await FileServer.withServer(answer: { request in
                request.range == nil ? .init(status: .ok, body: example.content(request)) : .init(status: .rangeNotSatisfiable)
            }) { server in
                let staging = example.download(from: nil).staging
                try FileManager.default.createDirectory(atPath: staging, withIntermediateDirectories: true)
                try Data([1, 2, 3]).write(to: URL(fileURLWithPath: "\(staging)/x-encoder.int8.onnx.part"))
                try await example.install(from: server.url)
                #expect(server.requests.map(\.range) == ["bytes=3-", nil, nil])
            }
        }
    }

    @Test
    func aFileOfAnotherHashIsRefusedAndThrownAway() async throws {
        try await Example.withExample { example in
            try await FileServer.withServer(answer: { request in
                var content = example.content(request)
                content[0] ^= 1
                return .file(content, request)
            }) { server in
                let error = try await failure(of: example.download(from: server.url))
                #expect(error.code == .badData)
                #expect(error.message.contains("SHA-256"))
                #expect(!error.message.contains("\n"))
                #expect(!FileManager.default.fileExists(atPath: example.destination))
                #expect(!FileManager.default.fileExists(atPath: example.download(from: nil).staging))
            }
        }
    }

    @Test
    func whatArrivedBeforeIsNotTrustedWithoutItsHash() async throws {
        try await Example.withExample { example in
            try await FileServer.withServer(answer: { .file(example.content($0), $0) }) { server in
                let staging = example.download(from: nil).staging
                try FileManager.default.createDirectory(atPath: staging, withIntermediateDirectories: true)
                try Data(repeating: 9, count: 2000).write(to: URL(fileURLWithPath: "\(staging)/x-encoder.int8.onnx.part"))
                let error = try await failure(of: example.download(from: server.url))
                #expect(error.code == .badData)
                // It was thrown away, so that the next pull succeeds.
                try await example.install(from: server.url)
            }
        }
    }

    @Test
    func aFileOfAnotherSizeIsRefusedUnread() async throws {
        try await Example.withExample { example in
            try await FileServer.withServer(answer: { _ in .init(status: .ok, body: Array("<html>Please sign in</html>".utf8)) }) { server in
                let error = try await failure(of: example.download(from: server.url))
                #expect(error.code == .badData)
                #expect(error.message.contains("27 bytes, not 5000"))
                #expect(server.requests.count == 1)
            }
        }
    }

    @Test
    func aMirrorWithoutTheFileIsSaidOnceWithItsStatus() async throws {
        try await Example.withExample { example in
            try await FileServer.withServer(answer: { _ in .init(status: .notFound, body: [1]) }) { server in
                let error = try await failure(of: example.download(from: server.url))
                #expect(error.code == .unavailable)
                #expect(error.message.contains("HTTP 404"))
                #expect(error.message.contains("--from"))
                #expect(error.message.contains(example.destination))
                #expect(server.requests.count == 1)
            }
        }
    }

    @Test
    func aServerThatIsNotThereIsUnavailableAndNothingIsLeft() async throws {
        try await Example.withExample { example in
            let error = try await failure(of: example.download(from: nil))
            #expect(error.code == .unavailable)
            let left = try FileManager.default.contentsOfDirectory(atPath: "\(example.folder)/models")
            #expect(left.isEmpty)
        }
    }

    @Test
    func aFolderThatIsThereButNotWholeIsSaidSo() async throws {
        try await Example.withExample { example in
            try FileManager.default.createDirectory(atPath: example.destination, withIntermediateDirectories: true)
            let error = try await failure(of: example.download(from: nil))
            #expect(error.code == .badData)
            #expect(error.message.contains("remove the folder"))
        }
    }

    @Test
    func twoPullsOfOneModelDoNotMix() async throws {
        try await Example.withExample { example in
            let staging = example.download(from: nil).staging
            try FileManager.default.createDirectory(atPath: staging, withIntermediateDirectories: true)
            let lock = try DownloadLock(folder: staging)
            let error = try await failure(of: example.download(from: nil))
            #expect(error.message.contains("another pull"))
            lock.release()
        }
    }
}
