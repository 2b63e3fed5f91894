import TestSupport
import Testing

@testable import VoiceServer

/// Whatever an editor leaves behind: a file is taken, or refused with a place, and nothing ends the server.
@Suite struct AgentFileEditTests {
    private static let tokens = [
        "&a ", "*a", "<<: *a\n", "!!str ", "!x ", "---\n", "...\n", "%YAML 1.2\n", "? ", ": ", "- ", "| ", "> ", "{", "}", "[", "]", ",", "#", "'",
        "\"",
        "\t", "\n", "\r", "\u{0}", "\u{85}", "\u{2028}", "\u{FEFF}", "é", "${", "${HOME}", "~", "null", "true", "-1", "1e999", "0x10", ".inf",
        "agents:", "tools: ", "name: booking\n", "@", "`", "\\", "\u{1F600}", "\"\\ud800\"", "[[[[[[[[", "{a: {a: {a: ",
    ]

    private static func edited(_ text: String, _ random: inout SeededRandom) -> [UInt8] {
        var bytes = Array(text.utf8)
        for _ in 0..<Int.random(in: 1...3, using: &random) {
            switch Int.random(in: 0..<8, using: &random) {
            case 0: flip(&bytes, &random)
            case 1: insert(Array((tokens.randomElement(using: &random) ?? "").utf8), &bytes, &random)
            case 2: insert((0..<Int.random(in: 1...8, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }, &bytes, &random)
            case 3: bytes.removeLast(Int.random(in: 0...bytes.count, using: &random) / 2)
            default: editLines(&bytes, &random)
            }
        }
        return bytes
    }

    private static func flip(_ bytes: inout [UInt8], _ random: inout SeededRandom) {
        guard let index = bytes.indices.randomElement(using: &random) else { return }
        bytes[index] ^= 1 << UInt8.random(in: 0...7, using: &random)
    }

    private static func insert(_ new: [UInt8], _ bytes: inout [UInt8], _ random: inout SeededRandom) {
        bytes.insert(contentsOf: new, at: Int.random(in: 0...bytes.count, using: &random))
    }

    private static func editLines(_ bytes: inout [UInt8], _ random: inout SeededRandom) {
        var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map(Array.init)
        let index = Int.random(in: lines.indices, using: &random)
        let other = Int.random(in: lines.indices, using: &random)
        switch Int.random(in: 0..<6, using: &random) {
        case 0: lines.remove(at: index)
        case 1: lines.insert(lines[index], at: other)
        case 2: lines.swapAt(index, other)
        case 3: lines[index].insert(contentsOf: repeatElement(UInt8(ascii: " "), count: Int.random(in: 1...4, using: &random)), at: 0)
        case 4: lines[index].removeFirst(min(lines[index].count, Int.random(in: 1...3, using: &random)))
        default: lines[index] = Array(lines[index].prefix(lines[index].count / 2)) + Array(lines[other].suffix(lines[other].count / 2))
        }
        bytes = Array(lines.joined(separator: [UInt8(ascii: "\n")]))
    }

    @Test func aThousandEditsAreEachTakenOrRefusedWithAPlace() {
        var taken = 0
        for seed in 0..<1000 {
            var random = SeededRandom(seed: seed)
            let bytes = Self.edited(SampleAgentFile.text, &random)
            let faults = AgentFile.read(bytes, environment: SampleAgentFile.environment).faults
            if faults.isEmpty { taken += 1 }
            let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            for fault in faults {
                #expect(fault.line >= 1 && fault.line <= lines.count && fault.column >= 1, "seed \(seed): \(fault)")
                guard lines.indices.contains(fault.line - 1) else { continue }
                #expect(fault.column <= max(1, lines[fault.line - 1].count), "seed \(seed): \(fault)")
                #expect(!fault.description.contains("very-secret"), "seed \(seed): \(fault)")
            }
        }
        #expect((50..<950).contains(taken), "\(taken)")
    }
}
