/// One entry of a call as a person reads it: what happened and the words, in columns, at most 80 wide.
///
/// ```
///    2.68  caller said    what are your opening hours
///    2.69  agent says     You said: what are your opening hours
/// ```
struct CallRow: Equatable {
    /// What an entry is about, which is its colour in a terminal.
    enum Tone {
        case caller, agent, notice, alarm, quiet

        /// The ANSI code.
        fileprivate var code: Int {
            switch self {
            case .caller: 36
            case .agent: 32
            case .notice: 33
            case .alarm: 31
            case .quiet: 90
            }
        }
    }

    static let width = 80
    private static let timeWidth = 7
    private static let labelWidth = 14
    private static let textColumn = timeWidth + 2 + labelWidth + 1

    /// What happened, in one to three words.
    var label: String
    /// The words that were said, or the details.
    var text: String
    var tone: Tone

    /// Makes an entry.
    init(_ label: String, _ text: String = "", _ tone: Tone = .quiet) {
        self.label = label
        self.text = text
        self.tone = tone
    }

    /// The entry's lines; those after the first are indented to the text.
    func lines(atMs: Int) -> [String] {
        let pieces = Self.wrapped(text, to: Self.width - Self.textColumn)
        let time = Terminal.colored(Self.right(Self.seconds(atMs), in: Self.timeWidth), 90)
        let padding = pieces.isEmpty ? "" : String(repeating: " ", count: max(1, Self.labelWidth + 1 - label.count))
        let first = "\(time)  \(Terminal.colored(label, tone.code))\(padding)\(colored(pieces.first ?? ""))"
        return [first] + pieces.dropFirst().map { String(repeating: " ", count: Self.textColumn) + colored($0) }
    }

    /// Words as they are; details in grey, what went wrong in red.
    private func colored(_ text: String) -> String {
        switch tone {
        case .caller, .agent, .notice: text
        case .alarm, .quiet: text.isEmpty ? "" : Terminal.colored(text, tone.code)
        }
    }

    /// Milliseconds as seconds with two digits behind the point.
    static func seconds(_ milliseconds: Int) -> String {
        let hundredths = (milliseconds + 5) / 10
        let rest = hundredths % 100
        return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)"
    }

    /// The text with blanks before it.
    static func right(_ text: String, in width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }

    /// The text in lines of at most `width` characters, broken between words; a longer word is broken anywhere.
    static func wrapped(_ text: String, to width: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        for word in text.split(whereSeparator: \.isWhitespace) {
            var word = word
            if !line.isEmpty, line.count + 1 + word.count > width {
                lines.append(line)
                line = ""
            }
            while line.isEmpty, word.count > width {
                lines.append(String(word.prefix(width)))
                word = word.dropFirst(width)
            }
            line += line.isEmpty ? String(word) : " \(word)"
        }
        return line.isEmpty ? lines : lines + [line]
    }
}
