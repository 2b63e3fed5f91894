package import AsyncHTTPClient
package import Conversation

/// Text to speech by an OpenAI-compatible service over HTTP, played while it arrives.
///
/// It says nothing of when words end. Ending the iteration closes the connection at once, which tells the service to stop.
package struct HTTPSynthesizer: Synthesizer {
    package let providerName = "openai"
    private let service: SpeechService

    /// Makes a synthesizer whose requests share the connections of `http`.
    package init(_ configuration: SpeechServiceConfiguration, http: HTTPClient) {
        service = SpeechService(purpose: "voice", configuration: configuration, http: http)
    }

    package func speak(_ text: String) -> AsyncThrowingStream<SpeechChunk, any Error> {
        guard SpeakableText.hasWords(text) else { return AsyncThrowingStream { $0.finish() } }
        let speech = ServiceSpeech(text, by: service)
        return AsyncThrowingStream(unfolding: { try await speech.next() })
    }
}
