import Engines
import Testing

@testable import VoiceServer

/// What waits to be written: bounded, in order, and floods are summed up.
@Suite struct AuditQueueTests {
    private func names(_ batch: AuditQueue.Batch?) -> [String]? {
        guard case .entries(let entries) = batch else { return nil }
        return entries.map(\.event.name)
    }

    private func refused(_ reason: RefusalReason = .badSignature, route: String = "inbound") -> AuditEvent {
        .webhookRefused(route, Refusal(reason, "detail of one"))
    }

    @Test func whatFindsNoRoomIsCountedInTheTrailOnceThereIsRoom() {
        var queue = AuditQueue(mostWaiting: 3, batchSize: 2)
        let lost = (0..<5).map { queue.take(.command("\($0)"), at: $0) }
        #expect(lost == [0, 0, 0, 1, 1])
        #expect(names(queue.next()) == ["command", "command"])
        #expect(names(queue.next()) == ["command", "command"], "it stays until it is written")
        queue.wasWritten(2, at: 9)
        #expect(names(queue.next()) == ["command", "audit.lost"])
        queue.wasWritten(2, at: 9)
        #expect(queue.next() == nil)
    }

    @Test func aRefusingDiskIsTriedAgainAlsoWhenNothingWaits() {
        var queue = AuditQueue(mostWaiting: 3, batchSize: 2)
        #expect(names(queue.next()) == nil)
        queue.isFailing = true
        #expect(names(queue.next()) == [])
    }

    @Test func nothingIsTakenOnceItIsClosed() {
        var queue = AuditQueue(mostWaiting: 3, batchSize: 2)
        #expect(queue.take(.command("a"), at: 0) == 0)
        #expect(queue.close().records == 1)
        #expect(queue.take(.command("b"), at: 0) == 1)
        #expect(queue.next() == nil)
    }

    @Test func aFloodIsAFewRecordsAndASum() {
        var throttle = AuditThrottle()
        let single = (0..<5000).flatMap { throttle.take(refused(), at: $0) }
        #expect(single.count == AuditThrottle.mostEach)
        #expect(throttle.take(refused(.tooLarge), at: 5000).count == 1, "another kind is counted by itself")
        #expect(throttle.take(.command("end"), at: 5000).count == 1, "commands are never summed up")
        #expect(throttle.sums(at: 6000).isEmpty)
        let sums = throttle.sums(at: AuditThrottle.window)
        #expect(sums.map { $0.fields["count"] } == [.number(5000 - AuditThrottle.mostEach)])
        #expect(sums.first?.fields["reason"] == .string("bad_signature") && sums.first?.fields["detail"] == nil)
        #expect(throttle.sums(at: nil).isEmpty)
    }

    @Test func aSumComesBeforeTheNextWindowsRecords() {
        var throttle = AuditThrottle()
        for time in 0..<30 { _ = throttle.take(refused(), at: time) }
        let next = throttle.take(refused(), at: AuditThrottle.window)
        #expect(next.map { $0.fields["count"] } == [.number(10), nil])
    }

    @Test func aTextIsCutToWhatARecordHolds() {
        let long = String(repeating: "x", count: 100_000)
        let event = AuditEvent.webhookAccepted("status", call: long)
        #expect(event.fields["call_sid"] == .string(String(long.prefix(AuditEvent.longestText))))
        let spoken = AuditEvent.transcript(session: "s", caller: "+1", stream: "m", transcript: long, response: "")
        #expect(spoken.personal?.fields["transcript"] == .string(String(long.prefix(AuditEvent.longestPersonalText))))
    }
}
