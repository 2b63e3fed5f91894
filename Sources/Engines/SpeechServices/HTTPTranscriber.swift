package import AsyncHTTPClient
import Audio
package import Conversation
import NIOHTTP1

/// Speech to text by an OpenAI-compatible service over HTTP.
///
/// It gives no previews: each would be paid for.
package struct HTTPTranscriber: Transcriber {
    package let providerName = "openai"
    /// What recognisers work at, in Hz.
    private static let sampleRate = 16_000
    /// Utterances shorter than this, in samples at 8 kHz (100 ms), hold no word and are refused by some services.
    private static let shortestUtterance = 800

    private var service: SpeechService

    /// Makes a transcriber whose requests share the connections of `http`.
    package init(_ configuration: SpeechServiceConfiguration, http: HTTPClient) {
        service = SpeechService(purpose: "speech recognition", configuration: configuration, http: http)
    }

    package func transcribe(_ utterance: [Int16]) async throws -> Transcription {
        guard utterance.count >= Self.shortestUtterance else { return Transcription(text: "") }
        let limitMs = service.configuration.limitMs
        let started = ContinuousClock.now
        do {
            let form = try await form(with: utterance)
            let words = try await SpeechDeadline.run(until: started + .milliseconds(limitMs)) { try await answer(to: form) }
            return Transcription(text: words, processing: started.duration(to: .now))
        } catch {
            throw service.failure(error, limitMs: limitMs)
        }
    }

    package func listening(for language: String?) -> any Transcriber {
        var other = self
        other.service.configuration.language = language
        return other
    }

    private func answer(to form: MultipartForm) async throws -> String {
        let response = try await service.post(form.body, type: form.contentType, to: "audio/transcriptions")
        let body = try await service.content(of: response)
        guard let text = TranscriptionAnswer.text(body, type: response.headers.first(name: "Content-Type")) else {
            throw service.failure("answered without a text", excerpt: body)
        }
        return text
    }

    /// The question; resampling takes milliseconds and stays off the call's own executor.
    @concurrent private func form(with utterance: [Int16]) async throws -> MultipartForm {
        let samples = try WAVFile(sampleRate: 8_000, channels: [utterance]).mono(at: Self.sampleRate)
        var form = MultipartForm()
        form.add("model", service.configuration.model)
        if let language = service.configuration.language { form.add("language", language) }
        form.add("response_format", "json")
        form.add("temperature", "0")
        form.add("file", file: "speech.wav", type: "audio/wav", WAVFile(sampleRate: Self.sampleRate, channels: [samples]).encoded())
        return form
    }
}
