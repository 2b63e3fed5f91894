import Conversation
import Foundation

/// The texts of a Whisper model's tokens, as `tokens.txt` lists them: each line a text in base64 and a number.
struct WhisperTokens: Sendable {
    private let texts: [Int: Data]

    /// Reads the list.
    ///
    /// - Parameters:
    ///   - path: where it is.
    ///   - count: how many tokens there must be at least.
    /// - Throws: ``EngineError`` with `invalid` where a line is something else, or lines are missing.
    init(reading path: String, atLeast count: Int) throws(EngineError) {
        let damaged = EngineError(.invalid, "\(path) is not a token list in sherpa-onnx's layout: each line must be a base64 text and a number")
        guard let content = try? Data(contentsOf: URL(fileURLWithPath: path)), !content.isEmpty else { throw damaged }
        var texts: [Int: Data] = [:]
        for line in content.split(separator: UInt8(ascii: "\n")) {
            let fields = line.split(separator: UInt8(ascii: " "))
            guard fields.count == 2, let number = Int(String(decoding: fields[1].filter { $0 != 13 }, as: UTF8.self)) else { throw damaged }
            // Exports write an empty text as a lone "=".
            guard let text = fields[0].elementsEqual([UInt8(ascii: "=")]) ? Data() : Data(base64Encoded: fields[0]) else { throw damaged }
            texts[number] = text
        }
        guard texts.count >= count else {
            throw EngineError(
                .invalid,
                "\(path) lists \(texts.count) tokens, but the encoder beside it knows \(count + 1): it belongs to another model"
            )
        }
        self.texts = texts
    }

    /// What tokens say together; those that have no text say nothing.
    func text(of tokens: [Int]) -> String {
        String(decoding: tokens.reduce(into: Data()) { $0.append(texts[$1] ?? Data()) }, as: UTF8.self)
    }

    /// The tokens that consist of such symbols, with or without a space before them.
    func numbers(ofOnly symbols: Set<Character>) -> Set<Int> {
        Set(
            texts.compactMap { number, text in
                let said = String(decoding: text, as: UTF8.self).filter { $0 != " " }
                return !said.isEmpty && said.allSatisfy(symbols.contains) ? number : nil
            }
        )
    }
}
