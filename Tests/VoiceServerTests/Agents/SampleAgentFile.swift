@testable import VoiceServer

/// A file with everything in it, for tests to read and to spoil.
enum SampleAgentFile {
    /// The variables it names.
    static let environment = ["OPENAI_API_KEY": "sk-very-secret-1", "BOOKING_TOKEN": "token-very-secret-2"]

    static let text = """
        port: 8000
        stt: whisper
        endpoints:
          main:   {url: "https://api.openai.com/v1", key: "${OPENAI_API_KEY}", model: gpt-4o-mini}
          backup: {url: "http://127.0.0.1:11434/v1/", model: llama3.1}
          ears:   {url: "http://127.0.0.1:9000/v1", model: whisper-1}
          voice:  {url: "http://127.0.0.1:8880/v1", model: kokoro, voice: af_sky}
        tools:
          find_slots:
            description: Finds free tables.
            parameters: {type: object, properties: {day: {type: string, format: date}, seats: {minimum: 1, maximum: 2.5}}, required: [day]}
            url: "https://book.example.com/slots?shop=1"
            method: POST
            headers: {Authorization: "Bearer ${BOOKING_TOKEN}"}
            timeout_ms: 8000
            filler: "Let me look that up."
        agents:
          - name: booking
            numbers: ["+1 415 555-0100", "sip:Booking@Example.com"]
            project: salon
            prompt: |
              You take bookings. Today is {{date}}.
            greeting: "Hello, this is the salon."
            greeting_protected_ms: 0
            language: en
            chat: openai
            endpoint: [main, backup]
            temperature: 0.3
            max_tokens: 300
            first_token_ms: 6000
            between_tokens_ms: 4000
            retries: 1
            memory: {tokens: 6000, when_full: summarize}
            hearing: ears
            voice: voice
            end_silence_ms: 700
            idle_prompt_seconds: 10
            idle_prompt: "Are you still there?"
            idle_goodbye: "Goodbye."
            longest_call_seconds: 3600
            digits_interrupt: true
            silence:
              filler_after_ms: 3000
              filler: ["One moment, please.", "Still looking."]
              give_up_after_ms: 13000
              apology: "Sorry, please try again."
              failures: 3
              then: transfer
              transfer: front_desk
              goodbye: "I cannot help you right now. Goodbye."
            transfer: {front_desk: "+14155550199"}
            tools: [end_call, transfer_call, send_dtmf, find_slots]
          - name: reception
            endpoint: main
        """

    /// Reads a text.
    static func read(_ text: String, environment: [String: String] = environment) -> AgentFile.Reading {
        AgentFile.read(Array(text.utf8), environment: environment)
    }

    /// The file with a part of it replaced.
    static func text(replacing old: String, with new: String) -> String {
        text.replacing(old, with: new)
    }
}
