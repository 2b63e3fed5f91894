package import Conversation

extension AgentDefinition {
    /// A place callers can be put through to.
    package struct Transfer: Sendable, Equatable {
        /// How the caller is put through.
        package enum Mode: String, Sendable, CaseIterable {
            /// The caller leaves the agent at once and hears it ring; who answers is connected.
            case cold
            /// The caller stays with the agent; who answers is told who calls and why, and is connected after pressing 1.
            case warm
        }

        /// In which order several numbers are called.
        package enum Order: String, Sendable, CaseIterable {
            /// One after another.
            case inOrder = "in_order"
            /// All at once: the first to take the call gets it.
            case atOnce = "at_once"
        }

        /// What assistants call it.
        package var name: String
        /// The numbers or SIP addresses.
        package var targets: [String]
        /// How the caller is put through.
        package var mode = Mode.cold
        /// In which order the numbers are called.
        package var order = Order.inOrder
        /// How long each rings, in seconds; Twilio adds five.
        package var ringSeconds = 30
        /// What the caller hears meanwhile; of a cold transfer that is Twilio's ringing.
        package var waiting = CallMachine.Configuration.Waiting.ringing
        /// The country whose ringing a cold transfer plays, such as `de`; nil for the telephone network's own.
        package var ringTone: String?
        /// The number that the called person sees; nil for the number that was called.
        package var callerID: String?
        /// Whether an answering machine counts as not answered: on a cold transfer Twilio listens to who answers.
        package var refusesMachines = true
        /// When somebody is there; nil for always.
        package var hours: OpeningHours?
        /// What the called person hears first, with `{caller}` and `{reason}`; nil for the words of the agent's language.
        package var briefing: String?

        /// A place that one number stands for.
        package init(name: String, targets: [String]) {
            self.name = name
            self.targets = targets
        }
    }
}

/// Reads places of `transfer`: a number, or a mapping with more.
struct TransferReader {
    private static let known = [
        "number", "numbers", "mode", "order", "ring_seconds", "waiting", "ring_tone", "caller_id", "refuse_machines", "hours", "time_zone",
        "briefing",
    ]
    private static let mostTargets = 10
    /// Twilio's values of `ringTone`.
    ///
    /// Source: Twilio, "TwiML Voice: Dial", attribute ringTone (docs/voice/twiml/dial).
    private static let ringTones: Set<String> = [
        "at", "au", "be", "bg", "br", "ch", "cl", "cn", "cz", "de", "dk", "ee", "es", "fi", "fr", "gr", "hu", "il", "in", "it", "jp", "lt", "mx",
        "my", "nl", "no", "nz", "ph", "pl", "pt", "ru", "se", "sg", "th", "tw", "uk", "us", "us-old", "ve", "za",
    ]

    /// Reads a place; nil if it has no number that can be called.
    static func read(_ member: YAMLMember) -> AgentDefinition.Transfer? {
        let value = member.value
        if !DeclaredName.isValid(member.name) {
            value.faults.add("a name has letters, digits, - and _ alone, 64 at most", at: member.place, path: value.path)
        }
        guard value.isMapping else { return value.number().map { AgentDefinition.Transfer(name: member.name, targets: [$0]) } }
        let fields = value.fields(known, of: "key of a transfer")
        let numbers = (fields["numbers"]?.itemsOrOne() ?? []) + [fields["number"]].compactMap(\.self)
        if numbers.isEmpty { value.note("needs a `number` or `numbers`") }
        if numbers.count > mostTargets { numbers[mostTargets].note("\(mostTargets) numbers at most") }
        var transfer = AgentDefinition.Transfer(name: member.name, targets: numbers.compactMap { $0.number() })
        if let mode: AgentDefinition.Transfer.Mode = fields["mode"]?.choice() { transfer.mode = mode }
        if let order: AgentDefinition.Transfer.Order = fields["order"]?.choice() { transfer.order = order }
        if let seconds = fields["ring_seconds"]?.number(in: 5...120) { transfer.ringSeconds = seconds }
        if let waiting: CallMachine.Configuration.Waiting = fields["waiting"]?.choice() { transfer.waiting = waiting }
        transfer.ringTone = fields["ring_tone"].flatMap(ringTone)
        transfer.callerID = fields["caller_id"]?.number()
        if let refuses = fields["refuse_machines"]?.truth() { transfer.refusesMachines = refuses }
        transfer.hours = fields["hours"].flatMap { OpeningHours($0, timeZone: fields["time_zone"]) }
        transfer.briefing = fields["briefing"]?.words()
        return transfer.targets.isEmpty ? nil : transfer
    }

    private static func ringTone(_ value: YAMLValue) -> String? {
        guard let tone = value.words()?.lowercased() else { return nil }
        guard ringTones.contains(tone) else {
            value.note("is not a country that Twilio has a ring tone of: \(ringTones.sorted().joined(separator: ", "))")
            return nil
        }
        return tone
    }
}
