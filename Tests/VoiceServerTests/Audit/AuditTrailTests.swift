import Engines
import Foundation
import Logging
import Synchronization
import Testing

@testable import VoiceServer

/// The service that writes the trail while calls go on.
@Suite struct AuditTrailTests {
    /// Runs the service for the length of `body`, which ends with the service's end by cancellation.
    private func withService(
        _ trail: TrailFixture,
        mostPending: Int = AuditTrail.mostPending,
        registry: PrometheusRegistry = PrometheusRegistry(),
        log: CollectedLog = CollectedLog(),
        _ body: @escaping @Sendable (AuditTrail) async throws -> Void
    ) async throws {
        let logger = Logger(label: "test") { _ in log }
        let service = AuditTrail(try trail.writer(), metrics: AuditMetrics(factory: registry), logger: logger, mostPending: mostPending)
        try await withThrowingTaskGroup { tasks in
            tasks.addTask { try await service.run() }
            try await body(service)
            tasks.cancelAll()
            try await tasks.waitForAll()
        }
    }

    private func value(_ series: String, _ registry: PrometheusRegistry) -> String? {
        registry.render().split(separator: "\n").first { $0.hasPrefix("\(series) ") }.map { String($0.dropFirst(series.count + 1)) }
    }

    @Test func everythingThatWasRecordedIsInTheFileWhenTheServerHasStopped() async throws {
        try await withTrail { trail in
            let registry = PrometheusRegistry()
            try await withService(trail, registry: registry) { service in
                await withDiscardingTaskGroup { group in
                    for caller in 0..<8 {
                        group.addTask { for number in 0..<200 { service.record(.command("\(caller) \(number)")) } }
                    }
                }
            }
            let report = try #require(try trail.verify())
            #expect(report.fault == nil && report.head.number == 1601)
            #expect(value("agentos_audit_records_total", registry) == "1601")
            let records = try trail.export()
            #expect(records.last?["event"] as? String == "server.stopped")
            for caller in 0..<8 {
                let commands = records.compactMap { ($0["fields"] as? [String: Any])?["command"] as? String }
                #expect(commands.filter { $0.hasPrefix("\(caller) ") } == (0..<200).map { "\(caller) \($0)" })
            }
        }
    }

    @Test func whileTheDiskRefusesRecordsWaitAndThoseThatFindNoRoomAreCounted() async throws {
        try await withTrail { trail in
            let registry = PrometheusRegistry()
            let log = CollectedLog()
            try await withService(trail, mostPending: 10, registry: registry, log: log) { (service: AuditTrail) async throws in
                // No file can be made where a folder is.
                try FileManager.default.createDirectory(atPath: trail.folder.file, withIntermediateDirectories: false)
                for number in 0..<15 { service.record(.command("\(number)")) }
                for await _ in log.changes where !log.messages.isEmpty { break }
                #expect(value("agentos_audit_failing", registry) == "1.0")
                try FileManager.default.removeItem(atPath: trail.folder.file)
                for await _ in log.changes where log.messages.count > 1 { break }
            }
            #expect(log.messages == ["The audit record cannot be written; trying again", "The audit record can be written again"])
            #expect(value("agentos_audit_failing", registry) == "0.0")
            #expect(value("agentos_audit_lost_total", registry) == "5")
            #expect(try trail.verify()?.fault == nil)
            let records = try trail.export()
            #expect(records.map { $0["event"] as? String } == Array(repeating: "command", count: 10) + ["audit.lost", "server.stopped"])
            #expect((records[10]["fields"] as? [String: Any])?["count"] as? Int == 5)
        }
    }

    @Test func anErasureComesAfterWhatWasSaidBeforeItAndBeforeWhatIsSaidAfterIt() async throws {
        try await withTrail { trail in
            try await withService(trail) { (service: AuditTrail) async throws in
                let said = { (words: String) in
                    service.record(.transcript(session: "s", caller: "+14155551234", stream: "m", transcript: words, response: ""))
                }
                said("before")
                #expect(try await service.eraseCaller("+14155551234"))
                said("after")
            }
            let records = try trail.export()
            #expect(records.map { $0["erased"] as? Bool } == [true, nil, nil, nil])
            #expect((records[2]["personal"] as? [String: Any])?["transcript"] as? String == "after")
        }
    }

    @Test func anErasureThatComesTooLateIsAnError() async throws {
        try await withTrail { trail in
            let kept = Mutex<AuditTrail?>(nil)
            try await withService(trail) { service in kept.withLock { $0 = service } }
            let service = try #require(kept.withLock { $0 })
            await #expect(throws: AuditError.self) { try await service.eraseCaller("+1") }
        }
    }

    @Test func settingsAreRecordedWhenTheyAreOthersThanAtTheLastStart() async throws {
        try await withTrail { trail in
            for settings: [SettingKey: String] in [[.port: "1"], [.port: "1"], [.port: "2", .chat: "echo"], [.port: "2", .apiToken: "hush-hush"]] {
                try await withService(trail) { (service: AuditTrail) async throws in
                    service.begin(AuditedSettings(settings, digest: try trail.writer().keys.digest))
                }
            }
            let changes = try trail.export().filter { $0["event"] as? String == "settings.changed" }.compactMap { $0["fields"] as? [String: Any] }
            #expect(changes.map { $0["changed"] as? [String] } == [["port"], ["chat", "port"], ["api_token", "chat"]])
            let last = changes.last?["settings"] as? [String: String]
            #expect(last?["port"] == "2" && last?["api_token"]?.hasPrefix("secret ") == true)
            #expect(!String(decoding: try trail.bytes, as: UTF8.self).contains("hush"))
        }
    }

    @Test func aNumberInASettingIsHiddenAndItsChangeIsSeen() throws {
        let first = AuditedSettings([.greeting: "Call +14155551234"], digest: { "<\($0.count)>" })
        #expect(first.json["greeting"] == .string("Call +1415*****34 <17>"))
    }
}
