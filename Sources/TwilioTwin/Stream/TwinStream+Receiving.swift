import Foundation
import Twilio

extension TwinStream {
    /// Takes a text frame of the server, as strictly as Twilio does.
    package mutating func receive(text: [UInt8]) -> [Output] {
        guard phase == .streaming else { return [] }
        guard configuration.isTwoWay else {
            return refuse(text, code: TwilioFault.protocolViolation, "the server sent a message on a one-way stream")
        }
        do {
            return accept(try MediaStreamCoding.decodeServerMessage(text))
        } catch {
            return refuse(text, code: TwilioFault.invalidMessage, error.message)
        }
    }

    /// Takes a binary frame: Twilio cannot decode any.
    package mutating func receive(binary: [UInt8]) -> [Output] {
        guard phase == .streaming else { return [] }
        guard configuration.isTwoWay else {
            return fault(TwilioFault.protocolViolation, "the server sent a binary frame on a one-way stream")
        }
        return fault(TwilioFault.binaryFrame, "the server sent a binary frame of \(binary.count) bytes: messages are text")
    }

    private mutating func accept(_ message: ServerMessage) -> [Output] {
        guard message.streamSid == streamSid else {
            return fault(TwilioFault.invalidMessage, "the message is for another stream than this one: streamSid differs")
        }
        switch message {
        case .media(let payload, _):
            return accept(media: payload)
        case .mark(let name, _):
            totals.marksReceived += 1
            guard playout.enqueue(mark: name) else { return [] }
            totals.marksPlayed += 1
            return returnMark(name, cleared: false)
        case .clear:
            return clear()
        }
    }

    mutating func accept(media: [UInt8]) -> [Output] {
        totals.mediaReceived += 1
        totals.mediaBytesReceived += media.count
        switch playout.enqueue(media) {
        case .queued:
            return []
        case .discarded:
            return fault(TwilioFault.bufferOverflow, "over ten minutes of audio wait to be played: further media is thrown away")
        }
    }

    private mutating func clear() -> [Output] {
        totals.clearsReceived += 1
        let dropped = playout.queuedBytes
        totals.bytesCleared += dropped
        let marks = playout.clear()
        totals.marksCleared += marks.count
        meter.cleared(at: position)
        return [.event(.cleared(droppedMs: dropped / 8))] + marks.flatMap { returnMark($0, cleared: true) }
    }
}

extension TwinStream {
    /// The part of a server's own JSON event that tells it from a Twilio message.
    private struct ForeignEvent: Decodable {
        var type: String
        var event: String?
    }

    /// A JSON object with `type` and without `event`, which is no message of Twilio's.
    private func serverEvent(in text: [UInt8]) -> (type: String, json: String)? {
        guard let foreign = try? JSONDecoder().decode(ForeignEvent.self, from: Data(text)), foreign.event == nil else { return nil }
        return (foreign.type, String(decoding: text, as: UTF8.self))
    }

    /// Shows an event of the server's own and keeps the fault that anything else is.
    ///
    /// For Twilio both are faults. A plain client takes the assistant's text for the answer where it cannot hear one.
    private mutating func refuse(_ text: [UInt8], code: Int, _ message: String) -> [Output] {
        guard let event = serverEvent(in: text) else { return fault(code, message) }
        totals.serverEvents += 1
        let shown = Output.event(.serverEvent(event.json))
        switch configuration.persona {
        case .twilio:
            return [shown] + fault(code, "\(message) (type \(event.type))")
        case .plain:
            return [shown] + (event.type == "voice.assistant.text" && !configuration.isTwoWay ? answeredInWriting() : [])
        }
    }

    private mutating func answeredInWriting() -> [Output] {
        meter.answeredOtherwise(at: position).map { [.event(.agentSpeaks(responseMs: $0))] } ?? []
    }
}

extension ServerMessage {
    /// The stream it is for.
    fileprivate var streamSid: String {
        switch self {
        case .media(_, let streamSid), .mark(_, let streamSid), .clear(let streamSid): streamSid
        }
    }
}
