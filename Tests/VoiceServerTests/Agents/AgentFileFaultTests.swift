import Testing

@testable import VoiceServer

/// What is wrong in a configuration file is told with its place, all of it, and without telling a secret.
@Suite struct AgentFileFaultTests {
    /// A part of the sample, what is put in its place, and what is told then.
    struct Spoiled: Sendable, CustomTestStringConvertible {
        var old: String
        var new: String
        var told: String

        init(_ old: String, _ new: String, _ told: String) {
            self.old = old
            self.new = new
            self.told = told
        }

        var testDescription: String { "\(old) -> \(new)" }
    }

    private func faults(_ text: String) -> [String] {
        SampleAgentFile.read(text).faults.map(\.description)
    }

    private func expect(_ spoiled: Spoiled) {
        let faults = faults(SampleAgentFile.text(replacing: spoiled.old, with: spoiled.new))
        #expect(faults == [spoiled.told])
    }

    @Test(arguments: [
        Spoiled("port: 8000", "prot: 8000", "1:1: prot is no setting; did you mean `port`?"),
        Spoiled("greeting: \"H", "greting: \"H", "23:5: agents[0]: greting is no key of an agent; did you mean `greeting`?"),
        Spoiled("timeout_ms: 8000", "timeoutms: 8000", "15:5: tools.find_slots: timeoutms is no key of a tool; did you mean `timeout_ms`?"),
        Spoiled("model: llama3.1", "modle: llama3.1", "5:47: endpoints.backup: modle is no key of an endpoint; did you mean `model`?"),
        Spoiled("when_full: summarize", "whenfull: trim", "33:28: agents[0].memory: whenfull is no key of a memory; did you mean `when_full`?"),
        Spoiled("failures: 3", "failure: 3", "47:7: agents[0].silence: failure is no key of silence; did you mean `failures`?"),
    ])
    func aNameThatMeansNothingIsToldWithTheOneThatWasMeant(spoiled: Spoiled) { expect(spoiled) }

    @Test(arguments: [
        Spoiled("temperature: 0.3", "temperature: 2.5", "28:18: agents[0].temperature: is not a number from 0 to 2"),
        Spoiled("temperature: 0.3", "temperature: warm", "28:18: agents[0].temperature: is not a number from 0 to 2"),
        Spoiled("temperature: 0.3", "temperature: nan", "28:18: agents[0].temperature: is not a number from 0 to 2"),
        Spoiled("max_tokens: 300", "max_tokens: 0", "29:17: agents[0].max_tokens: is not a whole number from 1 to 4096"),
        Spoiled("first_token_ms: 6000", "first_token_ms: 6.5", "30:21: agents[0].first_token_ms: is not a whole number from 200 to 60000"),
        Spoiled("retries: 1", "retries: [1]", "32:14: agents[0].retries: is not a whole number from 0 to 3"),
        Spoiled("tokens: 6000", "tokens: 499", "33:22: agents[0].memory.tokens: is not a whole number from 500 to 1000000"),
        Spoiled("summarize", "forget", "33:39: agents[0].memory.when_full: is not one of trim, summarize"),
        Spoiled(
            "filler_after_ms: 3000",
            "filler_after_ms: 499",
            "43:24: agents[0].silence.filler_after_ms: is not 0 or a whole number from 500 to 30000"
        ),
        Spoiled("failures: 3", "failures: 11", "47:17: agents[0].silence.failures: is not a whole number from 1 to 10"),
        Spoiled("digits_interrupt: true", "digits_interrupt: maybe", "41:23: agents[0].digits_interrupt: is not true or false"),
        Spoiled("chat: openai", "chat: gpt", "26:11: agents[0].chat: is not one of echo, openai"),
        Spoiled("timeout_ms: 8000", "timeout_ms: 99", "15:17: tools.find_slots.timeout_ms: is not a whole number from 100 to 60000"),
        Spoiled("method: POST", "method: post", "13:13: tools.find_slots.method: is not one of GET, POST, PUT, PATCH, DELETE"),
        Spoiled("language: en", "language: English", "25:15: agents[0].language: is not a language like en or pt-BR, or auto"),
        Spoiled("project: salon", "project: [a]", "20:14: agents[0].project: must be a text"),
        Spoiled("idle_goodbye: \"Goodbye.\"", "idle_goodbye: \" \"", "39:19: agents[0].idle_goodbye: is empty"),
        Spoiled("tools: [end_call, transfer_call, send_dtmf, find_slots]", "tools: end_call", "52:12: agents[0].tools: must be a list"),
        Spoiled("memory: {tokens: 6000, when_full: summarize}", "memory: 6000", "33:13: agents[0].memory: must be names with values"),
    ])
    func aValueOfTheWrongKindOrSizeIsTold(spoiled: Spoiled) { expect(spoiled) }

    @Test(arguments: [
        Spoiled(
            "endpoint: [main, backup]",
            "endpoint: [main, bakcup]",
            "27:22: agents[0].endpoint[1]: `bakcup` is no endpoint; did you mean `backup`?"
        ),
        Spoiled(
            "endpoint: [main, backup]",
            "endpoint: [main, backup, ears]",
            "27:30: agents[0].endpoint[2]: two endpoints at most: one, and one for when it fails"
        ),
        Spoiled("hearing: ears", "hearing: eyes", "34:14: agents[0].hearing: `eyes` is no endpoint; known are backup, ears, main, voice"),
        Spoiled("find_slots]", "find_slot]", "52:49: agents[0].tools[3]: `find_slot` is no tool; did you mean `find_slots`?"),
        Spoiled("find_slots]", "end_call]", "52:49: agents[0].tools[3]: is in the list already"),
        Spoiled(
            "transfer: front_desk",
            "transfer: desk",
            "49:17: agents[0].silence.transfer: `desk` is no transfer of this agent; known are front_desk"
        ),
        Spoiled("      transfer: front_desk\n", "", "43:7: agents[0].silence: needs `transfer`"),
        Spoiled("- name: reception", "- project: x", "53:5: agents[1]: needs `name`"),
        Spoiled("description: Finds free tables.", "description:", "10:5: tools.find_slots: needs `description`"),
        Spoiled("name: reception", "name: booking", "53:11: agents[1].name: another agent has this name"),
        Spoiled("name: reception", "name: front desk", "53:11: agents[1].name: a name has letters, digits, - and _ alone, 64 at most"),
        Spoiled("sip:Booking@Example.com", "+14155550100", "19:34: agents[0].numbers[1]: `booking` answers this number already"),
        Spoiled("sip:Booking@Example.com", "0800 123", "19:34: agents[0].numbers[1]: is not a number like +14155550100 or sip:name@host"),
        Spoiled("\"+14155550199\"", "front", "51:28: agents[0].transfer.front_desk: is not a number like +14155550100 or sip:name@host"),
        Spoiled(
            "    numbers: [\"+1 415 555-0100\", \"sip:Booking@Example.com\"]\n",
            "",
            "52:5: agents[1]: has no numbers and would answer all others, as `booking` does; give one of them numbers"
        ),
        Spoiled("  find_slots:\n    desc", "  end_call:\n    desc", "9:3: tools: `end_call` is built in; give this tool another name"),
        Spoiled("${OPENAI_API_KEY}", "${OPENAI_KEY}", "4:51: endpoints.main.key: names the environment variable OPENAI_KEY, which is not set"),
        Spoiled(
            "${BOOKING_TOKEN}",
            "${BOOKING",
            "14:30: tools.find_slots.headers.Authorization: has `${` without a variable's name and `}` behind it"
        ),
        Spoiled("http://127.0.0.1:9000/v1", "127.0.0.1:9000", "6:17: endpoints.ears.url: is not a URL like https://host/path"),
        Spoiled("http://127.0.0.1:9000/v1", "ftp://127.0.0.1/", "6:17: endpoints.ears.url: is not a URL like https://host/path"),
        Spoiled("http://127.0.0.1:9000/v1", "http:///v1", "6:17: endpoints.ears.url: is not a URL like https://host/path"),
        Spoiled(
            "/slots?shop=1",
            "/{dya}?shop=1",
            "12:10: tools.find_slots.url: has a place for {dya}: add `dya` to the properties of `parameters` (there are: day, seats)"
        ),
        Spoiled("/slots?shop=1", "/{day", "12:10: tools.find_slots.url: is not a URL like https://host/path"),
        Spoiled(
            "https://book.example.com/slots",
            "https://{day}.example.com/slots",
            "12:10: tools.find_slots.url: must be an http or https address without a fragment or a password, and {argument} only after the host"
        ),
        Spoiled(
            "type: object, prop",
            "type: array, prop",
            "11:18: tools.find_slots.parameters.type: the arguments of a tool are an object: write `type: object`"
        ),
    ])
    func whatDoesNotFitTogetherIsTold(spoiled: Spoiled) {
        let faults = faults(SampleAgentFile.text(replacing: spoiled.old, with: spoiled.new))
        #expect(faults.contains(spoiled.told), "\(faults)")
    }

    @Test func everythingThatIsWrongIsToldAtOnceAndInOrder() {
        let text = """
            prot: 1
            agents:
              - name: a
                greeting: Hello
                retries: 9
                greeting: Hi
              - nmae: b
                endpoint: nowhere
            port: 1
            port: 2
            """
        #expect(
            faults(text) == [
                "1:1: prot is no setting; did you mean `port`?",
                "4:5: the key `greeting` is given again further down; keep one of them",
                "5:14: agents[0].retries: is not a whole number from 0 to 3",
                "7:5: agents[1]: has no numbers and would answer all others, as `a` does; give one of them numbers",
                "7:5: agents[1]: needs `name`",
                "7:5: agents[1]: nmae is no key of an agent; did you mean `name`?",
                "8:15: agents[1].endpoint: `nowhere` is no endpoint; none is declared",
                "9:1: the key `port` is given again further down; keep one of them",
            ]
        )
    }

    @Test func noSecretIsTold() {
        let secret = "sk-Secret9876"
        let places = [
            "openai_api_key: {\(secret): 1}", "\(secret): 1", "endpoints: {main: {url: 'http://h', \(secret)}}", "openai_api_key: [\(secret)",
            "endpoints: {main: {url: 'http://user:\(secret)@h/', key: [\(secret)]}}", "endpoints: {main: {url: '\(secret)'}}",
            "tools: {t: {headers: {'Bearer \(secret)': x, \(secret) : {}}}}", "agents: [{name: '\(secret) x', numbers: '\(secret)'}]",
            "a: '\(secret)", "\(secret)", "- \(secret)", "x: !\(secret) *y", "a: *\(secret)",
        ]
        for text in places {
            let faults = faults(text)
            #expect(!faults.isEmpty, "\(text)")
            #expect(!faults.contains { $0.contains(secret) }, "\(faults)")
        }
        let variables = ["OPENAI_API_KEY": "not a url with sk-Secret9876"]
        let told = SampleAgentFile.read("endpoints: {main: {url: '${OPENAI_API_KEY}'}}", environment: variables).faults
        #expect(told.map(\.description) == ["1:25: endpoints.main.url: is not a URL like https://host/path"])
    }
}
