import NIOHTTP1
import Testing
import VoiceServer

@testable import agentos

/// What `doctor` reads and how it says what it found.
@Suite
struct DoctorTests {
    @Test
    func doctorReadsTheSettingsTheServerReads() throws {
        let environment = [
            "AGENTOS_HOST": "::1", "AGENTOS_PORT": "8123", "AGENTOS_DATA_DIR": "/somewhere", "AGENTOS_STT": "scripted",
            "AGENTOS_WHISPER_MODEL": "tiny.en", "TWILIO_AUTH_TOKEN": "secret", "AGENTOS_PUBLIC_URL": "https://voice.example.com",
        ]
        let settings = try ServerConfiguration(flags: [:], environment: environment, file: nil)
        #expect(settings.host == "::1")
        #expect(settings.port == 8123)
        #expect(settings.dataDirectory == "/somewhere")
        #expect(settings.stt == "scripted")
        #expect(settings.whisperModel == "tiny.en")
        #expect(settings.twilioAuthTokens == ["secret"])
        #expect(settings.publicAddress == "https://voice.example.com")
    }

    @Test
    func settingsThatAreNotGivenCountAsNotGiven() {
        let settings = ServerConfiguration()
        #expect(settings.port == 8000)
        #expect(settings.whisperModel == nil)
        #expect(settings.twilioAuthTokens.isEmpty)
        #expect(settings.publicAddress == nil)
    }

    @Test
    func findingsAreAlignedAndEachOnOneLine() {
        let lines = Finding.lines([Finding(.ok, "a", "one"), Finding(.error, "longer", "two\nlines")]) { text, _ in text }
        #expect(lines == ["ok        a       one", "error     longer  two lines"])
    }

    @Test
    func anAddressSomebodyListensOnIsInUse() async throws {
        try await FileServer.withServer(answer: { _ in .init(status: .ok) }) { server in
            #expect(ListeningAddress(host: "127.0.0.1", port: server.port).obstacle() == .inUse)
        }
    }

    @Test
    func anAddressThatIsNotOursCannotBeListenedOn() {
        // 192.0.2.0/24 is for documentation (RFC 5737): no machine has it.
        guard case .other = ListeningAddress(host: "192.0.2.1", port: 0).obstacle() else {
            Issue.record("192.0.2.1 is taken for an address of this machine")
            return
        }
    }

    @Test
    func aPortTheSystemChoosesIsFree() {
        #expect(ListeningAddress(host: "127.0.0.1", port: 0).obstacle() == nil)
    }
}
