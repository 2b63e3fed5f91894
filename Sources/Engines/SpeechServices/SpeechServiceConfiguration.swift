/// How an OpenAI-compatible speech service is reached and asked.
package struct SpeechServiceConfiguration: Sendable {
    /// Where its routes begin, for example `https://api.openai.com/v1`.
    package var baseURL: String
    /// The key it wants; services of one's own often want none.
    package var key: Secret?
    /// The model that recognises or speaks.
    package var model: String
    /// The callers' language as an ISO 639-1 code, where a recogniser is not to guess.
    package var language: String?
    /// The voice that speaks.
    package var voice = "alloy"
    /// How fast the voice speaks; 1 is its own pace, and nil leaves the word out, because not every service knows it.
    package var speed: Double?
    /// Samples a second of bare samples, in Hz, where the answer itself does not say.
    ///
    /// OpenAI's are 24,000; some compatible services send their model's own rate, for example 22,050.
    package var sampleRate = 24_000
    /// The longest a recognition may take, in ms, from the first byte out to the last one in.
    package var limitMs = 6_000
    /// The longest a voice may take to its first sound, in ms.
    package var firstAudioMs = 2_500
    /// The longest silence of a service that has begun to speak, in ms.
    package var betweenAudioMs = 2_000

    /// Makes a configuration with the usual limits.
    package init(baseURL: String, key: Secret? = nil, model: String, language: String? = nil) {
        self.baseURL = baseURL
        self.key = key
        self.model = model
        self.language = language
    }
}
