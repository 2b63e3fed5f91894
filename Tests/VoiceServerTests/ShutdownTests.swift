import Conversation
import Foundation
import NIOHTTP1
import Testing
import TwilioTwin

@testable import VoiceServer

/// How a server ends, and what it finds when it starts again.
@Suite struct ShutdownTests {
    @Test func aServerToldToStopTurnsNewCallsAwayAndLetsRunningOnesEnd() async throws {
        try await withServer([.drainSeconds: "20"]) { (server: TestServer) async throws in
            let (running, late) = (newCallSid(), newCallSid())
            let tokens = (try await server.openSession(callSid: running), try await server.openSession(callSid: late))
            try await server.socket(callSid: running).withConnection { inbound, outbound in
                try await outbound.send(Wire.start(callSid: running, token: tokens.0))
                _ = try await server.events(callSid: running, until: "voice.session.active")
                try await server.socket(callSid: late).withConnection { lateInbound, lateOutbound in
                    server.stop()
                    var status = 200
                    while status != 503 { status = try await server.request(.GET, "/readyz").status }
                    #expect(try await server.inbound(callSid: newCallSid()).text.contains("we cannot take your call right now"))
                    try await lateOutbound.send(Wire.start(callSid: late, token: tokens.1))
                    #expect(try await lateInbound.untilClosed().closeCode == 1008, "a socket that was open before gets no call either")
                }
                try await outbound.send(#"{"event":"dtmf","streamSid":"MZ1","dtmf":{"track":"inbound_track","digit":"5"}}"#)
                #expect(try await server.events(callSid: running, until: "voice.dtmf").last?["digit"] as? String == "5")
                try await outbound.send(Wire.stop(callSid: running))
                #expect(try await inbound.untilClosed().closeCode == 1000)
            }
        }
    }

    @Test func aCallThatOutlivesTheDrainIsLeftForTheNextServer() async throws {
        let folder = FolderFixture()
        defer { folder.remove() }
        let callSid = newCallSid()
        try await withServer([.drainSeconds: "0"], folder: folder.path) { (server: TestServer) async throws in
            let token = try await server.openSession(callSid: callSid)
            try await server.socket(callSid: callSid).withConnection { inbound, outbound in
                try await outbound.send(Wire.start(callSid: callSid, token: token))
                _ = try await server.events(callSid: callSid, until: "voice.session.active")
                server.stop()
                #expect(try await inbound.untilClosed().closeCode == 1000)
            }
        }
        let session = try await SQLiteCallStore(path: folder.path + "/agentos.sqlite").session("twilio-\(callSid)")
        #expect(session?.state == .active && session?.interruption == "server_stopped")
    }

    @Test func twoServersCannotShareADataDirectory() async throws {
        try await withServer { (server: TestServer) async throws in
            let configuration = try ServerConfiguration(flags: [.dataDir: server.folder, .stt: "scripted"], environment: [:], file: nil)
            let error = #expect(throws: StartError.self) { try VoiceServer(configuration, version: TestServer.version, probeExecutable: nil) }
            #expect(error?.message.contains("in use by another server") == true)
        }
    }

    @Test func aServerWaitsForOneThatIsJustEnding() throws {
        let folder = FolderFixture()
        defer { folder.remove() }
        try folder.make()
        let path = folder.path + "/lock"
        let ending = FileLock()
        #expect(ending.lock(path))
        let file = try #require(FileHandle(forUpdatingAtPath: path))
        var waits = 0
        #expect(
            FileLock.lock(file.fileDescriptor, within: 1) { _ in
                waits += 1
                if waits == 3 { ending.unlock() }
            }
        )
        #expect(waits == 3)
        let other = try #require(FileHandle(forUpdatingAtPath: path))
        #expect(!FileLock.lock(other.fileDescriptor, within: 1) { _ in waits += 1 })
        #expect(waits == 103)
        try withExtendedLifetime(file) { try other.close() }
    }

    @Test func whatADeadServerLeftActiveIsClosedAtTheNextStart() async throws {
        let folder = FolderFixture()
        defer { folder.remove() }
        let store = try DataDirectory(folder.path).openStore()
        for number in 1...250 {
            let id = "twilio-CA\(number)"
            let record = SessionRecord(id: id, callID: "CA\(number)", from: "+1", to: "+2", sttProvider: "scripted", createdAt: number)
            _ = try await store.write([.create(record), .activate(session: id, streamID: "MZ1", at: number)])
        }
        try await withServer(folder: folder.path) { (server: TestServer) async throws in
            #expect(try await server.sessions("/api/voice/sessions?state=active").isEmpty)
            let last = try await server.events(callSid: "CA1").last
            #expect(last?["reason"] as? String == "server_lost" && last?["seq"] as? Int == 3)
        }
    }

    @Test func aSessionWhoseStreamNeverCameExpires() async throws {
        let folder = FolderFixture()
        defer { folder.remove() }
        let store = try DataDirectory(folder.path).openStore()
        let old = SessionRecord(id: "twilio-CA1", callID: "CA1", from: "+1", to: "+2", sttProvider: "scripted", createdAt: 1)
        let new = SessionRecord(id: "twilio-CA2", callID: "CA2", from: "+1", to: "+2", sttProvider: "scripted", createdAt: Timestamp.now)
        _ = try await store.write([.create(old), .create(new)])
        let changes = try await StaleSessions.expire(in: store, olderThan: .seconds(900))
        #expect(changes.map(\.sessionID) == ["twilio-CA1"])
    }
}
