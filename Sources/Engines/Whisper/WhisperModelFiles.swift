import Conversation
import Foundation

/// Which files of a folder make a Whisper model, in both of sherpa-onnx's naming styles: `encoder.onnx` and `tiny.en-encoder.int8.onnx`.
struct WhisperModelFiles: Equatable {
    /// The path of the encoder.
    let encoder: String
    /// The path of the decoder.
    let decoder: String
    /// The path of the token list.
    let tokens: String

    /// Chooses among a folder's files; of several models, the first by name.
    ///
    /// - Parameters:
    ///   - folder: the model's folder.
    ///   - largeEncoder: bytes from which on int8 files are preferred to plain ones.
    /// - Throws: ``EngineError`` with `missing` where a file is not there, `invalid` where one is empty.
    init(folder: String, largeEncoder: UInt64) throws(EngineError) {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        } catch {
            throw EngineError(.missing, "there is no speech model in \(folder): `agentos models list` shows what can be installed")
        }
        let sizes = Dictionary(uniqueKeysWithValues: names.map { ($0, Self.size(of: "\(folder)/\($0)")) })
        guard let prefix = names.lazy.compactMap(Self.prefix(ofEncoder:)).first else {
            throw EngineError(.missing, "\(folder) holds no Whisper encoder (encoder.onnx): `agentos models list` shows what can be installed")
        }
        let plain = sizes["\(prefix)encoder.onnx"]
        let hasSmaller = sizes["\(prefix)encoder.int8.onnx"] != nil
        let suffixes = hasSmaller && (plain.map { $0 >= largeEncoder } ?? true) ? [".int8.onnx", ".onnx"] : [".onnx", ".int8.onnx"]
        // A conversion may have one precision of each, and not the same for both.
        let chosen =
            ["encoder", "decoder"].map { part in
                "\(prefix)\(part)\(suffixes.first { sizes["\(prefix)\(part)\($0)"] != nil } ?? suffixes[0])"
            } + ["\(prefix)tokens.txt"]
        for name in chosen {
            guard let size = sizes[name] else { throw EngineError(.missing, "the speech model in \(folder) is not whole: \(name) is not there") }
            guard size > 0 else { throw EngineError(.invalid, "the speech model in \(folder) is damaged: \(name) is empty") }
        }
        encoder = "\(folder)/\(chosen[0])"
        decoder = "\(folder)/\(chosen[1])"
        tokens = "\(folder)/\(chosen[2])"
    }

    /// What stands before `encoder` in an encoder's name, for example `tiny.en-`; nil for other files.
    private static func prefix(ofEncoder name: String) -> String? {
        for suffix in ["encoder.onnx", "encoder.int8.onnx"] where name.hasSuffix(suffix) {
            let prefix = String(name.dropLast(suffix.count))
            if prefix.isEmpty || prefix.hasSuffix("-") { return prefix }
        }
        return nil
    }

    private static func size(of path: String) -> UInt64 {
        // Links are followed, since model caches often consist of them.
        let attributes = try? FileManager.default.attributesOfItem(atPath: URL(fileURLWithPath: path).resolvingSymlinksInPath().path)
        return (attributes?[.size] as? NSNumber)?.uint64Value ?? 0
    }
}
