import Synchronization
import Testing

@testable import agentos

/// What a self-check says, and that it can fail.
@Suite
struct CheckListTests {
    /// Lines as they are shown.
    private final class Screen: Sendable {
        let lines = Mutex<[String]>([])

        func show(_ line: String) {
            lines.withLock { $0.append(line) }
        }
    }

    @Test
    func aCheckThatHoldsIsATick() async {
        let screen = Screen()
        let list = CheckList { screen.show($0) }
        let value = await list.check("water is wet", fix: "add water") { 7 }
        #expect(value == 7)
        #expect(screen.lines.withLock(\.self) == ["  ✓ water is wet"])
        #expect(await list.summary == "1 check passed, 0 failed")
    }

    @Test
    func aCheckThatFailsIsACrossWithReasonAndCureOnOneLine() async {
        let screen = Screen()
        let list = CheckList { screen.show($0) }
        let value: Int? = await list.check("water is wet", fix: "add water") { throw CheckFailure("it is\ndry") }
        #expect(value == nil)
        #expect(screen.lines.withLock(\.self) == ["  ✗ water is wet: it is dry; add water"])
        #expect(await list.summary == "0 checks passed, 1 failed")
    }

    @Test
    func theMuLawTableIsTheRecommendations() {
        let reference = MuLawReference()
        // G.711 table 2a: 8031 of 8159 is the largest output, in 14-bit units; here in 16-bit ones.
        #expect(reference.sample(of: 0x80) == 32_124)
        #expect(reference.sample(of: 0x00) == -32_124)
        #expect(reference.sample(of: 0x8F) == 16_764)
        #expect(reference.sample(of: 0xFF) == 0)
        #expect(reference.sample(of: 0x7F) == 0)
        #expect(reference.code(of: .max) == 0x80)
        #expect(reference.code(of: .min) == 0x00)
        #expect(reference.code(of: 0) == 0xFF)
    }

    @Test(arguments: [0x00, 0x7F, 0x80, 0xC3])
    func oneWrongSampleFailsTheDecodingCheck(code: UInt8) {
        let reference = MuLawReference()
        #expect(throws: CheckFailure.self) {
            try AudioChecks.decoding { $0.map { reference.sample(of: $0) &+ ($0 == code ? 4 : 0) } }
        }
        #expect(throws: Never.self) { try AudioChecks.decoding { $0.map(reference.sample) } }
    }

    @Test(arguments: [Int16.min, -1, 0, 124, Int16.max])
    func oneWrongCodeFailsTheEncodingCheck(sample: Int16) {
        let reference = MuLawReference()
        #expect(throws: CheckFailure.self) {
            try AudioChecks.encoding { $0.map { reference.code(of: $0) ^ ($0 == sample ? 1 : 0) } }
        }
    }

    @Test
    func theCheckedServerKnowsNoSettingsButItsOwn() {
        let own = ["AGENTOS_PORT": "80", "TWILIO_AUTH_TOKEN": "secret", "AGENTOS_WHISPER_MODEL": "base", "HOME": "/home/anna", "AGENTOS_STT": "x"]
        let environment = CheckedServer.environment(own, folder: "/tmp/here", ["AGENTOS_STT": "scripted"])
        #expect(environment["AGENTOS_PORT"] == nil)
        #expect(environment["TWILIO_AUTH_TOKEN"] == nil)
        #expect(environment["AGENTOS_WHISPER_MODEL"] == "base")
        #expect(environment["HOME"] == "/home/anna")
        #expect(environment["AGENTOS_STT"] == "scripted")
        #expect(environment["AGENTOS_DATA_DIR"] == "/tmp/here")
    }
}
