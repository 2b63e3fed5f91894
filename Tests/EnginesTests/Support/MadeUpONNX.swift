import Foundation

/// Writes files that look like ONNX from outside: a version, a graph of zeros, named texts.
struct MadeUpONNX {
    var graphBytes = 16
    var metadata: [(String, String)] = []

    /// What a Whisper encoder of sherpa-onnx says of itself.
    static func whisperEncoder(graphBytes: Int = 16, textContext: Int = 448, isMultilingual: Bool = false) -> MadeUpONNX {
        var metadata = [
            "n_mels", "n_text_layer", "n_text_state", "sot", "eot", "blank_id", "translate", "transcribe", "no_timestamps", "no_speech",
        ].map { ($0, "1") }
        metadata += [("n_vocab", "10"), ("sot_sequence", isMultilingual ? "1,2,5" : "1")]
        metadata += [("n_text_ctx", "\(textContext)"), ("is_multilingual", isMultilingual ? "1" : "0")]
        metadata += [("all_language_codes", "en,de,fr"), ("all_language_tokens", "2,3,4")]
        return MadeUpONNX(graphBytes: graphBytes, metadata: metadata)
    }

    /// Writes the file; its graph takes no room on the disk.
    func write(to path: String) throws {
        guard FileManager.default.createFile(atPath: path, contents: Data([0x08, 8, 0x3A] + Self.number(graphBytes))) else {
            throw CocoaError(.fileWriteUnknown)
        }
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        let end = try file.seekToEnd() + UInt64(graphBytes)
        try file.truncate(atOffset: end)
        try file.seek(toOffset: end)
        for (key, value) in metadata {
            let entry = Self.text(1, key) + Self.text(2, value)
            try file.write(contentsOf: Data([0x72] + Self.number(entry.count) + entry))
        }
        try file.close()
    }

    private static func text(_ field: UInt8, _ text: String) -> [UInt8] {
        [field << 3 | 2] + number(text.utf8.count) + Array(text.utf8)
    }

    private static func number(_ value: Int) -> [UInt8] {
        value < 0x80 ? [UInt8(value)] : [UInt8(value & 0x7F) | 0x80] + number(value >> 7)
    }
}
