/// A TwiML document: verbs under one `<Response>`.
///
/// Source: Twilio, "TwiML for Programmable Voice" (docs/voice/twiml).
package struct TwiML: Sendable, Equatable {
    /// The most bytes that Twilio reads of a document.
    package static let maximumSize = 64 * 1024

    /// The keys that `<Play digits>` can send, and its two pauses.
    package static let keys: Set<Character> = Set("0123456789*#wW")

    /// A verb, with the attributes this product uses.
    package enum Verb: Sendable, Equatable {
        /// Speaks text, in Twilio's default voice when `voice` is nil and in the voice's language when `language` is.
        case say(String, voice: String?, language: String? = nil)
        /// Plays a sound file `loop` times; 0 is for ever.
        case play(url: String, loop: Int)
        /// `<Play digits>`: sends the tones of these keys; `w` waits half a second, `W` a whole one.
        case playDigits(String)
        /// Waits.
        case pause(seconds: Int)
        /// `<Connect><Stream>`: two-way, blocks until the server closes the socket.
        case connect(Stream)
        /// `<Start><Stream>`: one-way, goes on at once with the next verb.
        case start(Stream)
        /// Connects the caller to somebody else, and goes on when that is over.
        case dial(Dial)
        /// Waits for keys that are pressed.
        case gather(Gather)
        /// Goes on with another document, fetched by POST when `method` is nil; an empty URL is the same document again.
        case redirect(url: String, method: String?)
        /// Ends the call.
        case hangup
        /// Refuses the call unanswered: `rejected` (when nil) or `busy`.
        case reject(reason: String?)
    }

    /// A `<Stream>` noun.
    package struct Stream: Sendable, Equatable {
        /// A `wss:` URL without a query (Twilio drops it).
        package var url: String
        /// `inbound_track` when nil.
        package var track: String?
        /// Sent back as `customParameters` in `start`, in order; name and value under 500 characters together.
        package var parameters: [WebhookParameters.Pair]
        /// Where `stream-started`, `-stopped` and `-error` are posted.
        package var statusCallback: String?
        /// What callbacks call it, the StreamSid when nil.
        package var name: String?

        /// Makes a stream.
        package init(
            url: String,
            track: String? = nil,
            parameters: [WebhookParameters.Pair] = [],
            statusCallback: String? = nil,
            name: String? = nil
        ) {
            self.url = url
            self.track = track
            self.parameters = parameters
            self.statusCallback = statusCallback
            self.name = name
        }
    }

    /// The verbs, in order.
    package var verbs: [Verb]

    /// Makes a document.
    package init(_ verbs: [Verb]) { self.verbs = verbs }
}
