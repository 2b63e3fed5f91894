import Engines
import Testing

@testable import VoiceServer

/// The chain, and that nothing done to its lines goes unseen.
@Suite struct AuditVerificationTests {
    /// Lines of a chain without their ends, and the head.
    private func chain(_ count: Int, after start: AuditHead = .genesis, word: String = "test") throws -> (lines: [[UInt8]], head: AuditHead) {
        var head = start
        var lines: [[UInt8]] = []
        for index in 0..<count {
            let fields: [String: JSONValue] = ["command": .string("\(word) \(index)"), "note": .string("line\nend, \"quote\", \u{2028}")]
            let (line, next) = try AuditRecord.line(after: head, time: index, event: "command", fields: fields, sealed: nil)
            lines.append(line)
            head = next
        }
        return (lines, head)
    }

    private func fault(_ lines: [[UInt8]], reaching heads: [AuditHead] = []) -> AuditFault? {
        var verification = AuditVerification(reaching: heads)
        for line in lines { verification.take(line, hasEnd: true) }
        verification.finish()
        return verification.fault
    }

    @Test func aChainAsItWasWrittenIsWhole() throws {
        let (lines, head) = try chain(5)
        #expect(fault(lines, reaching: [head]) == nil)
        #expect(fault([]) == nil)
        #expect(lines.allSatisfy { !$0.contains(UInt8(ascii: "\n")) })
    }

    @Test func aLineIsInTheOneFormThatIsDocumented() throws {
        let fields: [String: JSONValue] = ["process": .number(7)]
        let (line, head) = try AuditRecord.line(after: .genesis, time: 1_500_000, event: "server.started", fields: fields, sealed: nil)
        let zeros = String(repeating: "0", count: 64)
        let start = #"{"number":1,"time":"1970-01-01T00:00:01.500000Z","event":"server.started","fields":{"process":7},"prev":"\#(zeros)""#
        #expect(String(decoding: line, as: UTF8.self) == start + #","hash":"\#(head.hash)"}"#)
        // From `printf '%s' "$start" | sha256sum`.
        #expect(head.hash == "1a72180314b07a32291c90fe3ba72f26ebd435dfe6a8442f5bcb0cda1d8a70fb")
        #expect(AuditRecord(line)?.event == "server.started")
    }

    @Test func aDroppedLineIsNamed() throws {
        let (lines, head) = try chain(6)
        for index in 0..<6 {
            var less = lines
            less.remove(at: index)
            let fault = fault(less, reaching: [head])
            #expect(fault == AuditFault(kind: .dropped(last: index + 1), number: index + 1, line: index + 1), "\(index)")
        }
        #expect(fault(Array(lines[..<2] + lines[4...])) == AuditFault(kind: .dropped(last: 4), number: 3, line: 3))
        #expect(fault(Array(lines[..<2]), reaching: [head]) == AuditFault(kind: .dropped(last: 6), number: 3, line: 3))
        #expect(fault([], reaching: [head]) == AuditFault(kind: .dropped(last: 6), number: 1, line: 1))
    }

    @Test func swappedLinesAreNamed() throws {
        let (lines, head) = try chain(6)
        for first in 0..<5 {
            for second in (first + 1)..<6 {
                var swapped = lines
                swapped.swapAt(first, second)
                let fault = fault(swapped, reaching: [head])
                #expect(fault == AuditFault(kind: .moved(to: second + 1, found: second + 1), number: first + 1, line: first + 1))
            }
        }
    }

    @Test func aDuplicatedLineIsNamedWhereverItStands() throws {
        let (lines, head) = try chain(5)
        for index in 0..<5 {
            for place in 0...5 {
                var more = lines
                more.insert(lines[index], at: place)
                let found = try #require(fault(more, reaching: [head]))
                #expect(found.kind == .inserted && found.number == index + 1)
                // Beside the line itself the copy and the line are one as good as the other.
                #expect(found.line == (place == index ? place + 2 : place + 1))
            }
        }
    }

    @Test func aForgedLineIsNamed() throws {
        let (lines, head) = try chain(5)
        let before = try #require(AuditRecord(lines[1])).head
        let forged = try chain(1, after: before, word: "forged").lines[0]
        #expect(fault(lines[..<2] + [forged] + lines[2...], reaching: [head]) == AuditFault(kind: .inserted, number: 3, line: 4))
        #expect(fault(lines[..<2] + [forged] + lines[3...], reaching: [head]) == AuditFault(kind: .replaced, number: 3, line: 3))
        #expect(fault(Array(lines + [Array("{}".utf8)]), reaching: [head]) == AuditFault(kind: .altered, number: 6, line: 6))
        #expect(fault(lines[..<2] + [[]] + lines[2...], reaching: [head]) == AuditFault(kind: .altered, number: 3, line: 3))
    }

    @Test func aLineWhoseHashWasMadeAnewIsNamedAndNotTheOneAfterIt() throws {
        let (lines, head) = try chain(5)
        for index in 0..<5 {
            let before = index == 0 ? AuditHead.genesis : try #require(AuditRecord(lines[index - 1])).head
            var changed = lines
            changed[index] = try chain(1, after: before, word: "changed").lines[0]
            #expect(fault(changed, reaching: [head]) == AuditFault(kind: .replaced, number: index + 1, line: index + 1), "\(index)")
        }
    }

    @Test func aLineThatContinuesNothingIsNamed() throws {
        let (lines, head) = try chain(5)
        for index in 0..<5 {
            var changed = lines
            changed[index] = try chain(1, after: AuditHead(number: index, hash: String(repeating: "7", count: 64)), word: "changed").lines[0]
            #expect(fault(changed, reaching: [head]) == AuditFault(kind: .replaced, number: index + 1, line: index + 1), "\(index)")
        }
    }

    @Test func aRewrittenTrailDoesNotReachAHeadThatWasNotedElsewhere() throws {
        let (lines, head) = try chain(5)
        let start = try #require(AuditRecord(lines[1])).head
        let rest = try chain(3, after: start, word: "rewritten")
        #expect(fault(lines[..<2] + rest.lines, reaching: [rest.head]) == nil)
        #expect(fault(lines[..<2] + rest.lines, reaching: [rest.head, head]) == AuditFault(kind: .replaced, number: 5, line: 5))
    }

    @Test func anUnfinishedLineIsAFaultOnlyWhereItMustBeWhole() throws {
        let (lines, head) = try chain(3)
        let before = try #require(AuditRecord(lines[1])).head
        for length in 1...lines[2].count {
            for (noted, kind) in [(head, AuditFault.Kind.cut), (before, nil)] {
                var verification = AuditVerification(reaching: [noted])
                lines[..<2].forEach { verification.take($0, hasEnd: true) }
                verification.take(Array(lines[2].prefix(length)), hasEnd: false)
                verification.finish()
                #expect(verification.fault == kind.map { AuditFault(kind: $0, number: 3, line: 3) })
                #expect(verification.isUnfinished == (kind == nil) && verification.head == before)
            }
        }
    }

    @Test func aHeadIsReadAsItIsWritten() throws {
        let head = try chain(3).head
        #expect(AuditHead(head.text) == head)
        for text in ["", "3", "3:", ":\(head.hash)", "x:\(head.hash)", "3:\(head.hash)0", "3:\(head.hash.dropLast())g", "-1:\(head.hash)"] {
            #expect(AuditHead(text) == nil, "\(text)")
        }
    }
}
