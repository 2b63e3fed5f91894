import Foundation
import NIOHTTP1
import Testing

@testable import VoiceServer

/// The dashboard's page.
///
/// What its script makes of events is tested in `Tests/Dashboard`, in the script's own language.
@Suite struct DashboardTests {
    @Test func thePageIsWholeAndNeedsNothingElse() async throws {
        try await withServer { (server: TestServer) async throws in
            let page = try await server.request(.GET, "/?token=\(server.token)", token: "")
            #expect(page.status == 200 && page.headers.first(name: "Content-Type") == "text/html; charset=utf-8")
            for part in ["function reduce(state, action)", "async function stayConnected()", "prefers-color-scheme: dark", "</html>"] {
                #expect(page.text.contains(part), "\(part)")
            }
            #expect(!page.text.contains("<style></style>") && !page.text.contains("<script></script>"))
            #expect(page.text.components(separatedBy: "<script>").count == 2, "one script, the one that the policy names")
            for attribute in [" src=", " href=", " style=", "onclick="] { #expect(!page.text.contains(attribute)) }
        }
    }

    private static let node = ["/usr/bin/node", "/usr/local/bin/node", "/opt/homebrew/bin/node"].first(where: FileManager.default.isExecutableFile)

    @Test(.enabled(if: node != nil, "the script's tests need Node.js"), .timeLimit(.minutes(2)))
    func theScriptsOwnTestsPass() async throws {
        let folder = FolderFixture()
        defer { folder.remove() }
        try FileManager.default.createDirectory(atPath: folder.path, withIntermediateDirectories: true)
        let output = folder.path + "/output"
        _ = FileManager.default.createFile(atPath: output, contents: nil)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try #require(Self.node))
        process.arguments = ["--test", "Tests/Dashboard/calls.test.js"]
        process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: output))
        process.standardError = process.standardOutput
        let status = try await withCheckedThrowingContinuation { (end: CheckedContinuation<Int32, any Error>) in
            process.terminationHandler = { end.resume(returning: $0.terminationStatus) }
            do { try process.run() } catch { end.resume(throwing: error) }
        }
        #expect(status == 0, "\((try? String(contentsOfFile: output, encoding: .utf8))?.suffix(4000) ?? "")")
    }
}
