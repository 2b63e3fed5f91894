/// Values as they stand in a log line: whatever a caller sends, one event stays one line and one field one field.
enum LogField {
    /// The value as it is when it is plain, otherwise in single quotes with backslash escapes.
    static func escaped(_ value: String) -> String {
        let isPlain = !value.isEmpty && value.unicodeScalars.allSatisfy(isPlainScalar)
        return isPlain ? value : quoted(value)
    }

    /// The value in single quotes with backslash escapes.
    static func quoted(_ value: String) -> String {
        "'" + onOneLine(value, alsoEscaping: "'") + "'"
    }

    /// The text with control characters and line separators escaped.
    static func onOneLine(_ text: String, alsoEscaping quote: Unicode.Scalar? = nil) -> String {
        var line = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\" where quote != nil: line += "\\\\"
            case "\n": line += "\\n"
            case "\r": line += "\\r"
            case "\t": line += "\\t"
            case _ where scalar == quote: line += "\\\(scalar)"
            case _ where !isPrintable(scalar): line += "\\u{\(String(scalar.value, radix: 16))}"
            default: line.unicodeScalars.append(scalar)
            }
        }
        return line
    }

    private static func isPlainScalar(_ scalar: Unicode.Scalar) -> Bool {
        isPrintable(scalar) && !scalar.properties.isWhitespace && scalar != "'" && scalar != "\"" && scalar != "\\" && scalar != "="
    }

    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned, .privateUse: false
        default: true
        }
    }
}
