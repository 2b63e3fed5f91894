extension JSONToken {
    /// The bytes of a base64 string, at most `limit` of them.
    func audio(in json: Span<UInt8>, limit: Int) throws(MediaStreamError) -> [UInt8] {
        let bytes: [UInt8]?
        switch kind {
        case .string, .number:
            guard Base64.decodedCount(range.count) <= limit + 2 else { throw Self.tooLarge(limit) }
            bytes = Base64.decode(json.extracting(range))
        case .escapedString:
            bytes = Base64.decode(JSONEscapes.resolve(json, range).span)
        case .object, .array, .bool, .null:
            throw MediaStreamError(.wrongType, "media.payload is not a string")
        }
        guard let bytes else { throw MediaStreamError(.badBase64, "media.payload is not base64") }
        guard bytes.count <= limit else { throw Self.tooLarge(limit) }
        return bytes
    }

    private static func tooLarge(_ limit: Int) -> MediaStreamError {
        MediaStreamError(.payloadTooLarge, "media.payload holds more than \(limit) bytes")
    }
}
