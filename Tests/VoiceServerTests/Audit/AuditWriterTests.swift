import Dispatch
import Foundation
import Testing

@testable import VoiceServer

/// The trail's file: what a dying process, a full disk or a meddler leaves, and what becomes of it.
@Suite struct AuditWriterTests {
    @Test func anySingleByteThatIsChangedIsFoundAndItsRecordNamed() async throws {
        try await withTrailFile { trail in
            try trail.writer().append([.init(event: .sessionCreated(session: "s", call: "c", from: "+14155551234", to: "+2"), time: 1)])
            try trail.write(1)
            let bytes = try trail.bytes
            let line = { (place: Int) in bytes[..<place].count { $0 == UInt8(ascii: "\n") } + 1 }
            #expect(try trail.verify()?.fault == nil)
            for place in bytes.indices {
                var changed = bytes
                changed[place] ^= [0x01, 0x20, 0x80][place % 3]
                try trail.put(changed)
                let fault = try trail.verify()?.fault
                #expect(fault?.number == line(place) && fault?.line == line(place), "byte \(place): \(String(describing: fault))")
            }
        }
    }

    @Test func anySingleByteOfTheNoteThatIsChangedIsFound() async throws {
        try await withTrailFile { trail in
            try trail.write(3)
            let note = Array(try Data(contentsOf: URL(fileURLWithPath: trail.folder.anchor)))
            for place in note.indices {
                var changed = note
                changed[place] ^= 0x01
                try Data(changed).write(to: URL(fileURLWithPath: trail.folder.anchor))
                let isLength = place > 8 && place < 12  // It says where to read on, and nothing about the records.
                #expect((try trail.verify()?.fault == nil) == isLength, "byte \(place)")
            }
            try FileManager.default.removeItem(atPath: trail.folder.anchor)
            #expect(try trail.verify()?.fault?.number == 3)
        }
    }

    @Test func anyTailThatIsCutOffIsFoundAlsoAfterAnotherStart() async throws {
        try await withTrailFile { trail in
            try trail.write(2)
            let bytes = try trail.bytes
            let note = try Data(contentsOf: URL(fileURLWithPath: trail.folder.anchor))
            for length in bytes.indices {
                try trail.put(bytes[..<length])
                try note.write(to: URL(fileURLWithPath: trail.folder.anchor))
                let number = bytes[..<length].count { $0 == UInt8(ascii: "\n") } + 1
                #expect(try trail.verify()?.fault?.number == number, "\(length)")
                // A start takes a while: at the edges of lines, and here and there within them.
                let isEdge = bytes[max(0, length - 1)...length].contains(UInt8(ascii: "\n"))
                guard isEdge || length % 50 == 0 else { continue }
                try trail.write(1)
                let report = try #require(try trail.verify())
                // A line that lacks its end alone is whole again once it has one.
                let isWhole = bytes[length] == UInt8(ascii: "\n")
                #expect(report.fault?.number == (isWhole ? (number == 2 ? nil : number + 1) : number), "\(length)")
                #expect(report.fault != nil || report.notes == ["record 3 tells of what was found amiss: audit.broken"])
            }
        }
    }

    @Test func aServerThatDiedWithinALineLeavesNoMoreThanARecordOfIt() async throws {
        try await withTrailFile { trail in
            try trail.write(2)
            let before = try trail.bytes
            let note = try Data(contentsOf: URL(fileURLWithPath: trail.folder.anchor))
            try trail.write(1)
            let after = try trail.bytes
            let edges = [before.count, before.count + 1, after.count - 1]
            for length in edges + Array(stride(from: before.count + 9, to: after.count, by: 23)) {
                try trail.put(after[..<length])
                try note.write(to: URL(fileURLWithPath: trail.folder.anchor))
                #expect(try trail.verify()?.fault == nil)
                try trail.write(1)
                let report = try #require(try trail.verify())
                let isTorn = length > before.count
                #expect(report.fault == nil && report.head.number == (isTorn ? 4 : 3) && report.notes.isEmpty != isTorn)
                let fields = try trail.export()[2]["fields"] as? [String: Any]
                #expect(fields?["bytes"] as? Int == (isTorn ? length - before.count : nil))
            }
        }
    }

    @Test func recordsThatWereNotNotedYetCount() async throws {
        try await withTrailFile { trail in
            try trail.write(2)
            let note = try Data(contentsOf: URL(fileURLWithPath: trail.folder.anchor))
            try trail.write(3)
            try note.write(to: URL(fileURLWithPath: trail.folder.anchor))
            try trail.write(1)
            let report = try #require(try trail.verify())
            #expect(report.fault == nil && report.head.number == 6 && report.notes.isEmpty)
        }
    }

    @Test func aTrailThatWasTakenAwayIsMissedWhileTheServerRunsAndAfter() async throws {
        try await withTrailFile { trail in
            let writer = try trail.writer()
            try writer.append([.init(event: .command("one"), time: 1)])
            try FileManager.default.removeItem(atPath: trail.folder.file)
            try writer.append([.init(event: .command("two"), time: 2)])
            let report = try #require(try trail.verify())
            #expect(report.fault == AuditFault(kind: .dropped(last: 1), number: 1, line: 1))
            #expect(try trail.lines.count == 2, "that it was not there, and the command")
            try FileManager.default.removeItem(atPath: trail.folder.file)
            try trail.write(1)
            #expect(try trail.verify()?.fault?.number == 1)
        }
    }

    @Test func aNoteThatWasTakenAwayIsTold() async throws {
        try await withTrailFile { trail in
            try trail.write(3)
            try FileManager.default.removeItem(atPath: trail.folder.anchor)
            try trail.write(1)
            let report = try #require(try trail.verify())
            #expect(report.fault == nil && report.head.number == 5)
            #expect(report.notes == ["record 4 tells of what was found amiss: audit.broken"])
        }
    }

    @Test func whatIsAlteredInTheMiddleIsNeverCutAway() async throws {
        try await withTrailFile { trail in
            try trail.write(3)
            let lines = try trail.lines
            try trail.put((lines[..<1] + [lines[0]] + lines[1...]).joined())
            try trail.write(1)
            #expect(try trail.lines.count == 6)
            #expect(try trail.verify()?.fault == AuditFault(kind: .inserted, number: 1, line: 2))
        }
    }

    @Test func severalProcessesWriteOneChain() async throws {
        try await withTrailFile { trail in
            let writers = try (0..<4).map { _ in try trail.writer() }
            DispatchQueue.concurrentPerform(iterations: writers.count) { index in
                for _ in 0..<25 {
                    let entries: [AuditWriter.Entry] = [.init(event: .command("x"), time: 1), .init(event: .command("y"), time: 2)]
                    #expect(throws: Never.self) { try writers[index].append(entries) }
                }
            }
            let report = try #require(try trail.verify())
            #expect(report.fault == nil && report.head.number == 200 && report.notes.isEmpty)
        }
    }

    @Test func readingTheTrailWhileItGrowsFindsNothingAmiss() async throws {
        try await withTrailFile { trail in
            try trail.write(1)
            let writer = try trail.writer()
            DispatchQueue.concurrentPerform(iterations: 2) { side in
                #expect(throws: Never.self) {
                    guard side == 0 else { return try watch(trail, until: 1001) }
                    for number in 0..<50 { try writer.append((0..<20).map { .init(event: .command("\(number)"), time: $0) }) }
                }
            }
        }
    }

    /// Verifies again and again until so many records are there.
    private func watch(_ trail: TrailFixture, until count: Int) throws {
        var last = 0
        while last < count {
            let report = try #require(try trail.verify())
            try #require(report.fault == nil && report.head.number >= last)
            last = report.head.number
        }
    }

    @Test func theFilesAreTheirOwnersAlone() async throws {
        try await withTrailFile { trail in
            let event = AuditEvent.transcript(session: "s", caller: "+1415", stream: "m", transcript: "a", response: "b")
            try trail.writer().append([.init(event: event, time: 1)])
            for path in [trail.folder.file, trail.folder.anchor, trail.folder.keys] {
                let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
                #expect(mode == 0o600, "\(path)")
            }
            let mode = try FileManager.default.attributesOfItem(atPath: trail.folder.path)[.posixPermissions] as? Int
            #expect(mode == 0o700)
        }
    }

    @Test func withoutAnyRecordThereIsNothingToVerify() async throws {
        try await withTrailFile { trail in
            #expect(try trail.verify() == nil)
            _ = try trail.writer()
            #expect(try trail.verify() == nil)
            let error = #expect(throws: StartError.self) { try AuditArchive(dataDirectory: trail.data + "/nothing") }
            #expect(error?.code == .missingInput)
        }
    }
}
