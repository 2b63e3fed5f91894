import Testing
import Twilio

/// Reads a message from Twilio out of text.
func decode(_ json: String) throws -> TwilioMessage {
    try MediaStreamCoding.decodeTwilioMessage(Array(json.utf8))
}

/// Reads a message to Twilio out of text.
func decodeServer(_ json: String) throws -> ServerMessage {
    try MediaStreamCoding.decodeServerMessage(Array(json.utf8))
}

/// The text of a message from Twilio.
func encode(_ message: TwilioMessage) -> String {
    var json: [UInt8] = []
    MediaStreamCoding.encode(message, into: &json)
    return String(decoding: json, as: UTF8.self)
}

/// The text of a message to Twilio.
func encode(_ message: ServerMessage) -> String {
    var json: [UInt8] = []
    MediaStreamCoding.encode(message, into: &json)
    return String(decoding: json, as: UTF8.self)
}

/// The fault that reading `json` as a message from Twilio ends in, or nil when it is read.
func fault(_ json: String) -> MediaStreamError.Code? {
    fault(Array(json.utf8))
}

/// The fault that reading `json` as a message from Twilio ends in, or nil when it is read.
func fault(_ json: [UInt8]) -> MediaStreamError.Code? {
    do throws(MediaStreamError) {
        _ = try MediaStreamCoding.decodeTwilioMessage(json)
        return nil
    } catch {
        return error.code
    }
}

/// The fault that reading `json` as a message to Twilio ends in, or nil when it is read.
func serverFault(_ json: String) -> MediaStreamError.Code? {
    do throws(MediaStreamError) {
        _ = try MediaStreamCoding.decodeServerMessage(Array(json.utf8))
        return nil
    } catch {
        return error.code
    }
}

/// The audio of a `media` message with this JSON value as its payload.
func payload(_ value: String) throws -> [UInt8] {
    guard case .media(let media, _) = try decode(#"{"event":"media","streamSid":"MZ1","media":{"payload":\#(value)}}"#) else { return [] }
    return media.payload
}

/// Every order of `elements`.
func permutations<Element>(_ elements: [Element]) -> [[Element]] {
    guard let last = elements.last else { return [[]] }
    return permutations(elements.dropLast()).flatMap { order in
        (0...order.count).map { Array(order[..<$0]) + [last] + Array(order[$0...]) }
    }
}
