import Yams

/// A file's text, of a size and of characters that the YAML parser may be given.
struct YAMLText: Sendable {
    /// The largest file that is read, in bytes.
    static let mostBytes = 1 << 20
    /// The most anchors: each may hold the one before it, so that more would make what is shared too deep and too large.
    static let mostAnchors = 32

    let text: String
    /// How many scalars each line holds.
    private let lines: [Int]
    /// The last line that holds anything, from 0; nil for an empty file.
    private let lastLine: Int?

    /// Reads bytes.
    ///
    /// - Throws: ``ConfigurationFault`` where they are no text that YAML allows.
    init(_ bytes: [UInt8]) throws(ConfigurationFault) {
        guard bytes.count <= Self.mostBytes else {
            throw ConfigurationFault(place: .start, path: "", message: "the file is larger than \(Self.mostBytes >> 20) MiB")
        }
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let bytes = bytes.starts(with: mark) ? Array(bytes.dropFirst(mark.count)) : bytes
        let lines = try Self.lines(bytes)
        guard Self.anchors(bytes) <= Self.mostAnchors else {
            throw ConfigurationFault(place: .start, path: "", message: "the file has more than \(Self.mostAnchors) anchors (&name)")
        }
        self.init(text: String(decoding: bytes, as: UTF8.self), lines: lines)
    }

    private init(text: String, lines: [Int]) {
        self.text = text
        self.lines = lines
        lastLine = lines.lastIndex { $0 > 0 }
    }

    /// The place that the parser means: it counts line breaks that editors do not, and goes on behind the end.
    func place(_ mark: Mark?) -> FilePlace {
        guard let mark, let last = lastLine else { return .start }
        guard mark.line - 1 <= last else { return FilePlace(line: last + 1, column: lines[last]) }
        let line = max(mark.line, 1)
        return FilePlace(line: line, column: min(max(mark.column, 1), max(lines[line - 1], 1)))
    }

    /// The same text with a name made unlike all others, at its place; nil where it is not there.
    func masking(_ name: String, at mark: Mark, number: UInt32) -> YAMLText? {
        guard let stranger = Unicode.Scalar(Self.firstMask + number) else { return nil }
        var scalars = Array(text.unicodeScalars)
        var start = 0
        for _ in 1..<max(mark.line, 1) {
            guard let end = scalars[start...].firstIndex(of: "\n") else { return nil }
            start = end + 1
        }
        start += mark.column - 1
        if start < scalars.count, ["'", "\""].contains(scalars[start]) { start += 1 }
        let length = name.unicodeScalars.count
        guard length > 0, start + length <= scalars.count, scalars[start..<start + length].elementsEqual(name.unicodeScalars) else { return nil }
        scalars.replaceSubrange(start..<start + length, with: repeatElement(stranger, count: length))
        var masked = String.UnicodeScalarView()
        masked.append(contentsOf: scalars)
        return YAMLText(text: String(masked), lines: lines)
    }

    /// The first of the characters, private to us, that masks are made of.
    private static let firstMask: UInt32 = 0xE000
    /// How many masks there may be.
    static let mostMasks: UInt32 = 16

    /// Whether a name was masked.
    static func isMasked(_ name: String) -> Bool {
        name.unicodeScalars.first.map { (firstMask..<firstMask + mostMasks).contains($0.value) } ?? false
    }

    /// The lengths of the lines; throws where a character is none, or not allowed.
    private static func lines(_ bytes: [UInt8]) throws(ConfigurationFault) -> [Int] {
        var lines = [0]
        var parser = Unicode.UTF8.ForwardParser()
        var input = bytes.makeIterator()
        while true {
            let place = FilePlace(line: lines.count, column: (lines.last ?? 0) + 1)
            switch parser.parseScalar(from: &input) {
            case .emptyInput: return lines
            case .error: throw ConfigurationFault(place: place, path: "", message: "the file is not UTF-8 text here")
            case .valid(let encoded):
                let scalar = Unicode.UTF8.decode(encoded)
                guard isAllowed(scalar.value) else {
                    throw ConfigurationFault(place: place, path: "", message: "there is a control character here, which YAML does not allow")
                }
                if scalar == "\n" { lines.append(0) } else { lines[lines.count - 1] += 1 }
            }
        }
    }

    /// The characters that YAML may hold (YAML 1.2, section 5.1).
    private static func isAllowed(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0x09, 0x0A, 0x0D, 0x20...0x7E, 0x85, 0xA0...0xFFFD, 0x10000...0x10FFFF: true
        default: false
        }
    }

    /// How many anchors there may be: words that begin with `&` and end as an anchor's name does, in texts, too.
    private static func anchors(_ bytes: [UInt8]) -> Int {
        var count = 0
        for index in bytes.indices where bytes[index] == UInt8(ascii: "&") {
            let isWord: (UInt8) -> Bool = { byte in
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"): true
                case UInt8(ascii: "_"), UInt8(ascii: "-"): true
                default: false
                }
            }
            let name = bytes[(index + 1)...].prefix(while: isWord)
            let next = name.endIndex < bytes.endIndex ? bytes[name.endIndex] : UInt8(ascii: "\n")
            let isInWord = index > 0 && isWord(bytes[index - 1])
            if !name.isEmpty, !isInWord, next != UInt8(ascii: ";") { count += 1 }
        }
        return count
    }
}
