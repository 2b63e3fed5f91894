extension TwiML {
    /// A `<Gather>` verb: waits for keys that are pressed, while its own verbs are heard.
    package struct Gather: Sendable, Equatable {
        /// What is heard until the first key: `say`, `play` and `pause` alone.
        package var verbs: [Verb]
        /// How many keys are enough; as many as come when nil.
        package var numDigits: Int?
        /// How long the next key is waited for; 5 s when nil.
        package var timeoutSeconds: Int?
        /// The key that ends it: `#` when nil, none when empty.
        package var finishOnKey: String?
        /// Where the keys are sent, and the next document is from; the same document again when nil.
        package var action: String?
        /// How `action` is fetched: `POST` (when nil) or `GET`.
        package var method: String?
        /// Whether `action` is fetched also when nothing was pressed; otherwise the next verb runs.
        package var actionOnEmptyResult: Bool

        /// Makes a verb.
        package init(
            _ verbs: [Verb] = [],
            numDigits: Int? = nil,
            timeoutSeconds: Int? = nil,
            finishOnKey: String? = nil,
            action: String? = nil,
            method: String? = nil,
            actionOnEmptyResult: Bool = false
        ) {
            self.verbs = verbs
            self.numDigits = numDigits
            self.timeoutSeconds = timeoutSeconds
            self.finishOnKey = finishOnKey
            self.action = action
            self.method = method
            self.actionOnEmptyResult = actionOnEmptyResult
        }
    }
}

extension TwiML.Gather {
    private static let finishingKeys = "0123456789*#"

    /// Reads a `<Gather>` of keys.
    init(_ element: XMLTree) throws(TwiMLError) {
        try element.support(attributes: ["action", "actionOnEmptyResult", "finishOnKey", "input", "method", "numDigits", "timeout"])
        if let input = element.attributes["input"], input != "dtmf" {
            guard input.split(separator: " ").allSatisfy({ ["dtmf", "speech"].contains($0) }) else {
                throw .notSchema("<Gather> takes dtmf or speech as input")
            }
            throw .notSchema("<Gather input=\"\(input)\"> is not supported by the simulator")
        }
        guard !element.hasText else { throw .notSchema("<Gather> holds text") }
        let finishOnKey = element.attributes["finishOnKey"]
        guard finishOnKey.map({ $0.count <= 1 && $0.allSatisfy(Self.finishingKeys.contains) }) ?? true else {
            throw .notSchema("<Gather> takes one of \(Self.finishingKeys) as finishOnKey, or nothing")
        }
        let numDigits = try element.count("numDigits")
        guard numDigits != 0 else { throw .notSchema("<Gather> waits for no keys") }
        var verbs: [TwiML.Verb] = []
        for child in element.children {
            guard ["Say", "Play", "Pause"].contains(child.name), child.attributes["digits"] == nil else {
                throw TwiML.Verb.refusal(of: child.name, in: "Gather")
            }
            verbs.append(try TwiML.Verb(child))
        }
        self.init(
            verbs,
            numDigits: numDigits,
            timeoutSeconds: try element.count("timeout"),
            finishOnKey: finishOnKey,
            action: element.attributes["action"],
            method: try element.oneOf(["POST", "GET"], "method"),
            actionOnEmptyResult: try element.flag("actionOnEmptyResult") ?? false
        )
    }

    /// The attributes, as they are written.
    var attributes: [XMLText.Attribute] {
        [
            ("numDigits", numDigits.map(String.init)), ("timeout", timeoutSeconds.map(String.init)), ("finishOnKey", finishOnKey),
            ("action", action), ("method", method), ("actionOnEmptyResult", actionOnEmptyResult ? "true" : nil),
        ]
    }
}
