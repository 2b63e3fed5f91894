import ArgumentParser

/// Prints a configuration file to begin with.
struct ConfigExample: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "example",
        abstract: "Print an example of a configuration file, as in `agentos config example > agentos.yaml`."
    )

    /// The example; it names the variables OPENAI_API_KEY and BOOKING_TOKEN.
    static let text = """
        # Settings of the server, by the names that docs/reference.md lists. Flags and the environment come before them.
        port: 8000

        # Chat and speech services that speak OpenAI's protocol. ${NAME} is taken from the environment.
        endpoints:
          main:
            url: https://api.openai.com/v1
            key: ${OPENAI_API_KEY}
            model: gpt-4o-mini
          backup:
            url: http://127.0.0.1:11434/v1
            model: llama3.1

        # HTTP services that agents may call; the arguments are checked against the schema first.
        tools:
          find_slots:
            description: Finds free tables on a day.
            parameters:
              type: object
              properties:
                day: {type: string, format: date}
              required: [day]
            url: https://book.example.com/slots
            headers:
              Authorization: Bearer ${BOOKING_TOKEN}
            timeout_ms: 8000
            filler: Let me look that up.

        # Who answers which numbers.
        agents:
          - name: booking
            numbers: ["+14155550100"]
            project: salon
            greeting: Hello, this is the salon. How can I help you?
            prompt: |
              You take bookings for a hair salon, on the telephone. Today is {{date}}.
              Answer in one or two short sentences.
            endpoint: [main, backup]      # the second one when the first one fails
            temperature: 0.3
            silence:                      # never leave the caller in silence
              filler_after_ms: 2500
              give_up_after_ms: 12000
              then: transfer              # after two failures in a row
              transfer: front_desk
            transfer:
              front_desk: "+14155550199"
            tools: [end_call, transfer_call, find_slots]

          - name: reception               # without numbers: answers all others
            greeting: Hello. This number is not in use yet.
            tools: [end_call]
        """

    func run() async throws {
        Terminal.print(Self.text)
    }
}
