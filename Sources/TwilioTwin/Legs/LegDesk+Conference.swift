import Twilio

/// What calls in conferences have in common, the caller's and the callees'.
extension LegDesk {
    /// Twilio plays these while a conference has not begun; it refuses others.
    private static func isWaiting(_ verb: TwiML.Verb) -> Bool {
        switch verb {
        case .say, .play, .pause, .redirect: true
        default: false
        }
    }

    /// Who comes into a conference.
    func member(_ callSid: String, _ noun: TwiML.Dial.Conference, in document: CallDocument) throws(TwinError) -> ConferenceRooms.Member {
        var callback: String?
        if let url = noun.statusCallback { callback = try server.resolve(url, in: document) }
        return .init(callSid: callSid, noun: noun, callback: callback, desk: self)
    }

    /// Fetches what is heard until a conference begins; false where it cannot be had, and the call does not come in.
    ///
    /// It is fetched once, and may be sound instead of a document.
    func fetchWaiting(_ noun: TwiML.Dial.Conference, pairs: [WebhookParameters.Pair], in document: CallDocument) async -> Bool {
        guard let waitURL = noun.waitURL, !waitURL.isEmpty else { return true }
        do {
            let source = try server.source(waitURL, method: noun.waitMethod, in: document)
            let heard = try await server.fetch(source, pairs: pairs)
            if !heard.twiml.verbs.allSatisfy(Self.isWaiting) {
                log.fault(TwilioFault.badWaiting, "the waitUrl of <Conference> has verbs other than Say, Play, Pause and Redirect")
            }
            return true
        } catch let error as TwinError where error.code == .webhookNotTwiML {
            return true
        } catch {
            let failure = server.failure(error)
            log.fault(TwilioFault.retrievalFailure, failure.message)
            log.record(.failure(failure))
            return false
        }
    }

    /// What the action of a `<Dial>` around a conference is told.
    static let conferencePairs: [WebhookParameters.Pair] = [.init("DialCallStatus", "answered")]
}
