extension TwiML {
    /// A `<Dial>` verb: connects the caller to somebody else; of several, to the one who answers first.
    package struct Dial: Sendable, Equatable {
        /// Who is called.
        package enum Party: Sendable, Equatable {
            /// A telephone number.
            case number(String, Leg = Leg())
            /// A SIP address.
            case sip(String, Leg = Leg())
            /// A room that several calls meet in; it stands alone in its verb.
            case conference(Conference)

            /// The number or address; of a conference, its name.
            package var address: String {
                switch self {
                case .number(let address, _), .sip(let address, _): address
                case .conference(let conference): conference.name
                }
            }
        }

        /// Who is called, one to ten.
        package var parties: [Party]
        /// The number that the called party sees; the caller's when nil.
        package var callerID: String?
        /// How long it rings; 30 s when nil.
        package var timeoutSeconds: Int?
        /// Where what came of it is sent, and the next document is from; the next verb runs when nil.
        package var action: String?
        /// How `action` is fetched: `POST` (when nil) or `GET`.
        package var method: String?
        /// Whether an inbound call whose first verb this is stays unanswered until the called party answers.
        package var answerOnBridge: Bool
        /// The country, in two letters, whose ringing the caller hears; the carrier's when nil.
        package var ringTone: String?
        /// Whether the parties are called one after the other.
        package var sequential: Bool
        /// How long the two may talk; four hours when nil.
        package var timeLimitSeconds: Int?

        /// Makes a verb.
        package init(
            _ parties: [Party],
            callerID: String? = nil,
            timeoutSeconds: Int? = nil,
            action: String? = nil,
            method: String? = nil,
            answerOnBridge: Bool = false,
            ringTone: String? = nil,
            sequential: Bool = false,
            timeLimitSeconds: Int? = nil
        ) {
            self.parties = parties
            self.callerID = callerID
            self.timeoutSeconds = timeoutSeconds
            self.action = action
            self.method = method
            self.answerOnBridge = answerOnBridge
            self.ringTone = ringTone
            self.sequential = sequential
            self.timeLimitSeconds = timeLimitSeconds
        }
    }
}

extension TwiML.Dial {
    /// What is done on the called party's leg: `<Number>` and `<Sip>` have the same attributes.
    package struct Leg: Sendable, Equatable {
        /// A document that the called party alone hears, after answering and before the two are connected.
        package var url: String?
        /// How `url` is fetched: `POST` (when nil) or `GET`.
        package var method: String?
        /// Where the leg's progress is told.
        package var statusCallback: String?
        /// Which of `initiated`, `ringing`, `answered` and `completed` are told; `completed` when empty.
        package var statusCallbackEvents: [String]
        /// How it is told: `POST` (when nil) or `GET`.
        package var statusCallbackMethod: String?
        /// `Enable` or `DetectMessageEnd`: whether a machine answered is found out.
        package var machineDetection: String?
        /// Where it is told who answered.
        package var amdStatusCallback: String?

        /// Makes a leg.
        package init(
            url: String? = nil,
            method: String? = nil,
            statusCallback: String? = nil,
            statusCallbackEvents: [String] = [],
            statusCallbackMethod: String? = nil,
            machineDetection: String? = nil,
            amdStatusCallback: String? = nil
        ) {
            self.url = url
            self.method = method
            self.statusCallback = statusCallback
            self.statusCallbackEvents = statusCallbackEvents
            self.statusCallbackMethod = statusCallbackMethod
            self.machineDetection = machineDetection
            self.amdStatusCallback = amdStatusCallback
        }
    }

    /// A `<Conference>` noun: a room, by name, and how this call is in it.
    package struct Conference: Sendable, Equatable {
        /// The room's name, which the account's other calls meet in.
        package var name: String
        /// Whether the conference can begin once this call is in it.
        package var startOnEnter: Bool
        /// Whether the conference is over for everybody when this call leaves.
        package var endOnExit: Bool
        /// `true`, `false`, `onEnter` or `onExit`: when everybody hears a beep; `true` when nil.
        package var beep: String?
        /// What is heard until it begins: Twilio's music when nil, silence when empty.
        package var waitURL: String?
        /// How `waitURL` is fetched: `POST` (when nil) or `GET`.
        package var waitMethod: String?
        /// Where the conference's events are told; the first call's stands.
        package var statusCallback: String?
        /// Which of `start`, `end`, `join` and `leave` are told, and others.
        package var statusCallbackEvents: [String]
        /// What events call this call.
        package var participantLabel: String?

        /// Makes a noun.
        package init(
            name: String,
            startOnEnter: Bool = true,
            endOnExit: Bool = false,
            beep: String? = nil,
            waitURL: String? = nil,
            waitMethod: String? = nil,
            statusCallback: String? = nil,
            statusCallbackEvents: [String] = [],
            participantLabel: String? = nil
        ) {
            self.name = name
            self.startOnEnter = startOnEnter
            self.endOnExit = endOnExit
            self.beep = beep
            self.waitURL = waitURL
            self.waitMethod = waitMethod
            self.statusCallback = statusCallback
            self.statusCallbackEvents = statusCallbackEvents
            self.participantLabel = participantLabel
        }
    }
}
