import AsyncHTTPClient
import Audio
import Conversation
import Engines
import Synchronization
import TestSupport

/// A speech service whose answers a test writes, and those who ask it.
struct SpeechServiceFixture: Sendable {
    /// The key that is sent, and must be told to nobody.
    static let key = "sk-test-5f3a9c71"

    /// A limit that is out of the way, in ms, however busy the machine is.
    static let farAway = 600_000

    let endpoint: FakeEndpoint
    let http: HTTPClient

    /// Runs a service while `body` runs.
    @discardableResult static func withService<Value: Sendable>(
        _ handler: @escaping FakeEndpoint.Handler,
        _ body: (SpeechServiceFixture) async throws -> Value
    ) async throws -> Value {
        try await FakeEndpoint.withEndpoint(handler) { endpoint in
            try await HTTPClient.withHTTPClient(
                eventLoopGroup: ServiceClient.eventLoops,
                configuration: ServiceClient.configuration(connectMs: farAway)
            ) { http in
                try await body(SpeechServiceFixture(endpoint: endpoint, http: http))
            }
        }
    }

    /// A configuration of a service at this address.
    static func configuration(_ url: String, limitMs: Int = farAway, betweenAudioMs: Int = farAway) -> SpeechServiceConfiguration {
        var configuration = SpeechServiceConfiguration(baseURL: "\(url)/v1", key: Secret(key), model: "test-model", language: "en")
        configuration.limitMs = limitMs
        configuration.firstAudioMs = limitMs
        configuration.betweenAudioMs = betweenAudioMs
        return configuration
    }

    /// A transcriber; its limit is out of the way unless told.
    func transcriber(limitMs: Int = farAway) -> HTTPTranscriber {
        HTTPTranscriber(Self.configuration(endpoint.url, limitMs: limitMs), http: http)
    }

    /// A synthesizer; its limits are out of the way unless told.
    func synthesizer(firstAudioMs: Int = farAway, betweenAudioMs: Int = farAway) -> HTTPSynthesizer {
        HTTPSynthesizer(Self.configuration(endpoint.url, limitMs: firstAudioMs, betweenAudioMs: betweenAudioMs), http: http)
    }
}

/// What services send and what comes of it.
enum SpeechSamples {
    /// A second of 440 Hz.
    static func tone(rate: Int, milliseconds: Int = 1_000) -> [Int16] {
        ToneSource(frequency: 440, level: -15, sampleRate: rate).samples(milliseconds: milliseconds)
    }

    /// Bare samples, lowest byte first.
    static func bytes(_ samples: [Int16]) -> [UInt8] {
        samples.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
    }

    /// How often a signal rises through zero in a second of `rate` samples: the frequency of a tone, in Hz.
    static func frequency(of samples: [Int16], rate: Int = 8_000) -> Int {
        let rises = zip(samples, samples.dropFirst()).filter { $0 < 0 && $1 >= 0 }.count
        return samples.isEmpty ? 0 : rises * rate / samples.count
    }
}

/// Something that happens once, which a test waits for.
struct Moment: Sendable {
    private let stream: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    init() { (stream, continuation) = AsyncStream.makeStream() }

    /// It happens.
    func come() { continuation.yield() }

    /// Returns once it has happened.
    func wait() async {
        for await _ in stream { return }
    }
}

extension Moment {
    /// Something that is on or off.
    final class Switch: Sendable {
        private let state: Mutex<Bool>

        init(_ isOn: Bool) { state = Mutex(isOn) }

        var isOn: Bool { state.withLock(\.self) }

        /// Turns it on or off.
        func turn(_ isOn: Bool) { state.withLock { $0 = isOn } }
    }

    /// The last thing that was put in.
    final class Box<Value: Sendable>: Sendable {
        private let value = Mutex<Value?>(nil)

        var take: Value? { value.withLock(\.self) }

        /// Puts something in.
        func put(_ new: Value) { value.withLock { $0 = new } }
    }
}
