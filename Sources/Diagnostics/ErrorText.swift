import Foundation
import NIOCore

/// Puts any error into plain words: one line that a person can act on.
package enum ErrorText {
    /// How much of an error's own words is shown, in characters.
    private static let longest = 400

    /// The error in words that follow a colon, without line breaks.
    ///
    /// Errors of libraries are never shown as Swift prints them: those are names of cases and memory layouts.
    package static func of(_ error: any Error) -> String {
        if let fault = ConnectionFault(error) { return fault.text }
        switch error {
        case is CancellationError: return "it was cancelled"
        case is NIOTooManyBytesError: return "the answer is too large"
        case let error as DecodingError: return decoding(error)
        case is EncodingError: return "it cannot be written as JSON"
        case let error as CocoaError: return file(error)
        case let error as POSIXError: return String(cString: strerror(error.code.rawValue))
        default: return line(words(error), longest: longest)
        }
    }

    /// A text on one line, cut between words.
    package static func line(_ text: String, longest: Int) -> String {
        let words = text.split { $0.isWhitespace || $0.isNewline || $0.unicodeScalars.allSatisfy { $0.value < 0x20 } }
        let line = words.joined(separator: " ")
        guard line.count > longest else { return line }
        let start = line.prefix(longest - 1)
        let end = start.lastIndex(of: " ").flatMap { start.distance(from: start.startIndex, to: $0) > longest / 2 ? $0 : nil }
        return start[..<(end ?? start.endIndex)] + "…"
    }

    private static func words(_ error: any Error) -> String {
        let type = "\(type(of: error))"
        let text = "\(error)"
        // SQLite's message is plain. The SQL statement behind it is cut off.
        if type == "DatabaseError", let end = text.firstRange(of: " - while executing") { return String(text[..<end.lowerBound]) }
        if let error = error as? any LocalizedError, let text = error.errorDescription { return text }
        // Of an error as such the compiler takes this for granted.
        let value: Any = error
        if value is any CustomStringConvertible { return text }
        // A case without words: its name, as words.
        let name = text.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
        return name.isEmpty || name == type ? "an unexpected error (\(type))" : "an unexpected error: \(separated(name)) (\(type))"
    }

    /// `connectionLost` as `connection lost`.
    private static func separated(_ name: Substring) -> String {
        name.reduce(into: "") { text, letter in
            if letter.isUppercase, text.last?.isLowercase == true { text += " " }
            text += letter == "_" ? " " : letter.isUppercase && text.last == " " ? letter.lowercased() : String(letter)
        }
    }

    private static func decoding(_ error: DecodingError) -> String {
        let path = { (path: [any CodingKey]) in path.map(\.stringValue).joined(separator: ".") }
        return switch error {
        case .keyNotFound(let key, let context): "its JSON has no `\(path(context.codingPath + [key]))`"
        case .valueNotFound(_, let context): "`\(path(context.codingPath))` of its JSON is empty"
        case .typeMismatch(_, let context) where !context.codingPath.isEmpty: "`\(path(context.codingPath))` of its JSON is not what it should be"
        case .typeMismatch: "its JSON is not what it should be"
        default: "it is not JSON"
        }
    }

    private static func file(_ error: CocoaError) -> String {
        switch error.code {
        case .fileNoSuchFile, .fileReadNoSuchFile: "there is no such file or folder"
        case .fileReadNoPermission, .fileWriteNoPermission: "this user has no right to it"
        case .fileWriteOutOfSpace: "the disk is full"
        case .fileWriteVolumeReadOnly: "the disk is read-only"
        case .fileWriteFileExists: "there is a file of that name"
        default: line((error.underlying as? POSIXError).map { of($0) } ?? error.localizedDescription, longest: longest)
        }
    }
}
