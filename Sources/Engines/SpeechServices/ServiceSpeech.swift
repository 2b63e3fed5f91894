import AsyncHTTPClient
import Conversation
import NIOCore
import NIOHTTP1

/// One text on its way from a voice service to the caller.
actor ServiceSpeech {
    /// The shortest chunk before the last, in samples at 8 kHz (20 ms).
    private static let shortestChunk = 160
    /// The longest speech, in samples at 8 kHz (120 s); a service that sends more has lost its way.
    private static let longestSpeech = 960_000
    /// Sounds that are not samples.
    private static let compressed = ["mpeg", "mp3", "mp4", "ogg", "opus", "webm", "flac", "aac"].map { "audio/\($0)" }

    private enum State {
        /// The service has not been asked. Becomes `arriving` or `over`.
        case waiting
        /// The service sends. Becomes `over`.
        case arriving(SpeechBody, SpeechDecoder)
        /// Everything has come, or nothing more will.
        case over
    }

    private let text: String
    private let service: SpeechService
    private var state = State.waiting
    /// Samples given so far.
    private var given = 0

    init(_ text: String, by service: SpeechService) {
        self.text = text
        self.service = service
    }

    /// The next chunk; nil after the last.
    ///
    /// - Throws: ``EngineError``; `CancellationError` where the listener's task is cancelled.
    func next() async throws -> SpeechChunk? {
        let limitMs = given > 0 ? service.configuration.betweenAudioMs : service.configuration.firstAudioMs
        do {
            return try await chunk(until: .inMs(limitMs))
        } catch {
            state = .over
            throw service.failure(error, limitMs: limitMs)
        }
    }

    private func chunk(until deadline: ContinuousClock.Instant) async throws -> SpeechChunk? {
        switch state {
        case .waiting:
            let (body, decoder) = try await ask(until: deadline)
            state = .arriving(body, decoder)
            return try await chunk(from: body, decoder, until: deadline)
        case .arriving(let body, let decoder):
            return try await chunk(from: body, decoder, until: deadline)
        case .over:
            return nil
        }
    }

    private func ask(until deadline: ContinuousClock.Instant) async throws -> (SpeechBody, SpeechDecoder) {
        let question = try question()
        let response = try await SpeechDeadline.run(until: deadline) { [service] in
            let response = try await service.post(question, type: "application/json", to: "audio/speech")
            // Services have been seen to tell of failures, or to show their start page, with a 200.
            let isText = ["text/", "application/json"].contains { Self.type(of: response).hasPrefix($0) }
            if isText { throw await service.refusal(response) }
            return response
        }
        let type = Self.type(of: response)
        if Self.compressed.contains(where: { type.hasPrefix($0) }) {
            throw service.failure("answered \(type) where 16-bit samples (pcm) or WAV are needed")
        }
        return (SpeechBody(response.body), SpeechDecoder(rate: Self.rate(in: type) ?? service.configuration.sampleRate))
    }

    /// At least 20 ms of sound, or what is left.
    private func chunk(from body: SpeechBody, _ decoder: SpeechDecoder, until deadline: ContinuousClock.Instant) async throws -> SpeechChunk? {
        var samples: [Int16] = []
        while samples.count < Self.shortestChunk {
            guard let bytes = try await SpeechDeadline.run(until: deadline, { try await body.next() }) else {
                state = .over
                samples += decoder.finish()
                break
            }
            samples += try decoder.take(Array(bytes.readableBytesView))
        }
        given += samples.count
        guard given > 0 else { throw service.failure("sent no audio") }
        guard given <= Self.longestSpeech else { throw service.failure("sent more than \(Self.longestSpeech / 8_000) s of audio for one text") }
        return samples.isEmpty ? nil : SpeechChunk(samples: samples)
    }

    private func question() throws -> [UInt8] {
        var members: [String: JSONValue] = [
            "model": .string(service.configuration.model),
            "voice": .string(service.configuration.voice),
            "input": .string(text),
            "response_format": .string("pcm"),
        ]
        if let speed = service.configuration.speed { members["speed"] = .real(speed) }
        return Array(try JSONValue.object(members).data())
    }

    private static func type(of response: HTTPClientResponse) -> String {
        response.headers.first(name: "Content-Type")?.lowercased() ?? ""
    }

    /// The rate that a type such as `audio/pcm;rate=16000` tells, in Hz.
    private static func rate(in type: String) -> Int? {
        let parameters = type.split(separator: ";").dropFirst().map { $0.filter { !$0.isWhitespace } }
        return parameters.lazy.compactMap { parameter -> Int? in
            let parts = parameter.split(separator: "=")
            return parts.count == 2 && ["rate", "sample_rate"].contains(parts[0]) ? Int(parts[1]) : nil
        }.first
    }
}
