import AsyncHTTPClient
import Audio
import Conversation
import NIOCore
import NIOHTTP1

/// One text on its way from a voice service to the caller.
actor ServiceSpeech {
    /// The shortest chunk before the last, in samples at 8 kHz (20 ms).
    private static let shortestChunk = 160
    /// The longest speech, in samples at 8 kHz (120 s); a service that sends more has lost its way.
    private static let longestSpeech = 960_000
    /// Samples up to this are silence (-66 dBFS).
    private static let silence: UInt16 = 16

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
            try await service.post(question, type: "application/json", to: "audio/speech")
        }
        let coding = response.headers.first(name: "Content-Encoding")?.lowercased() ?? "identity"
        guard coding == "identity" || coding.isEmpty else { throw failure("data compressed with \(coding)") }
        let type = SoundType(response.headers.first(name: "Content-Type"))
        return (SpeechBody(response.body), SpeechDecoder(type: type, rate: service.configuration.sampleRate))
    }

    /// At least 20 ms of sound, or what is left; silence is held until the first sound comes, because silence alone is no speech.
    private func chunk(from body: SpeechBody, _ decoder: SpeechDecoder, until deadline: ContinuousClock.Instant) async throws -> SpeechChunk? {
        var samples: [Int16] = []
        var isSilent = given == 0
        do {
            while (samples.count < Self.shortestChunk || isSilent) && given + samples.count <= Self.longestSpeech {
                guard let bytes = try await SpeechDeadline.run(until: deadline, { try await body.next() }) else {
                    state = .over
                    let rest = try decoder.finish()
                    isSilent = isSilent && Self.isSilence(rest)
                    samples += rest
                    break
                }
                let new = try decoder.take(Array(bytes.readableBytesView))
                isSilent = isSilent && Self.isSilence(new)
                samples += new
            }
        } catch let body as SpeechDecoder.Unplayable {
            throw failure(body.name, excerpt: body.start)
        } catch let error as AudioError {
            throw service.failure("answered what cannot be played: \(error.message)")
        }
        guard given + samples.count <= Self.longestSpeech else {
            throw service.failure("sent more than \(Self.longestSpeech / 8_000) s of audio for one text")
        }
        guard !isSilent else { throw service.failure(samples.isEmpty ? "sent no audio" : "sent nothing but silence") }
        given += samples.count
        return samples.isEmpty ? nil : SpeechChunk(samples: samples)
    }

    private func failure(_ name: String, excerpt: [UInt8] = []) -> EngineError {
        let isText = String(validating: excerpt, as: UTF8.self) != nil
        return service.failure("answered \(name) where 16-bit samples (pcm) or WAV are needed", excerpt: isText ? excerpt : [])
    }

    private static func isSilence(_ samples: [Int16]) -> Bool {
        samples.allSatisfy { $0.magnitude <= silence }
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
}
