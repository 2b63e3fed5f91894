extension TwiML.Dial {
    /// Writes the verb; a single number about whose leg nothing is said stands in it as text.
    func write(to xml: inout XMLText) {
        let attributes: [XMLText.Attribute] = [
            ("callerId", callerID), ("timeout", timeoutSeconds.map(String.init)), ("action", action), ("method", method),
            ("answerOnBridge", answerOnBridge ? "true" : nil), ("ringTone", ringTone), ("sequential", sequential ? "true" : nil),
            ("timeLimit", timeLimitSeconds.map(String.init)),
        ]
        if parties.count == 1, case .number(let number, let leg)? = parties.first, leg == Leg() {
            return xml.append("Dial", attributes, text: number)
        }
        xml.open("Dial", attributes)
        for party in parties {
            switch party {
            case .number(let number, let leg): xml.append("Number", leg.attributes, text: number)
            case .sip(let address, let leg): xml.append("Sip", leg.attributes, text: address)
            case .conference(let conference): xml.append("Conference", conference.attributes, text: conference.name)
            }
        }
        xml.close("Dial")
    }
}

extension TwiML.Dial.Leg {
    fileprivate var attributes: [XMLText.Attribute] {
        [
            ("url", url), ("method", method), ("statusCallback", statusCallback), ("statusCallbackEvent", TwiML.joined(statusCallbackEvents)),
            ("statusCallbackMethod", statusCallbackMethod), ("machineDetection", machineDetection), ("amdStatusCallback", amdStatusCallback),
        ]
    }
}

extension TwiML.Dial.Conference {
    fileprivate var attributes: [XMLText.Attribute] {
        [
            ("startConferenceOnEnter", startOnEnter ? nil : "false"), ("endConferenceOnExit", endOnExit ? "true" : nil), ("beep", beep),
            ("waitUrl", waitURL), ("waitMethod", waitMethod), ("statusCallback", statusCallback),
            ("statusCallbackEvent", TwiML.joined(statusCallbackEvents)), ("participantLabel", participantLabel),
        ]
    }
}

extension TwiML {
    /// Words as an attribute holds them; nil for none.
    fileprivate static func joined(_ words: [String]) -> String? { words.isEmpty ? nil : words.joined(separator: " ") }
}
