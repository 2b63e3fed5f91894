/// Text being written as XML 1.0, escaped so that no value can become markup.
struct XMLText {
    /// An attribute's name and value.
    typealias Attribute = (name: String, value: String?)

    /// What has been written.
    private(set) var text = ""

    /// Writes text known to be XML already.
    mutating func append(markup: String) { text += markup }

    /// Writes an element around text.
    mutating func append(_ name: String, _ attributes: [Attribute] = [], text content: String) {
        open(name, attributes, end: ">")
        append(content, isAttribute: false)
        close(name)
    }

    /// Writes an element without content.
    mutating func append(_ name: String, _ attributes: [Attribute] = []) {
        open(name, attributes, end: " />")
    }

    /// Writes a start tag; attributes that are nil are left out.
    mutating func open(_ name: String, _ attributes: [Attribute] = [], end: String = ">") {
        text += "<" + name
        for case (let name, let value?) in attributes {
            text += " " + name + "=\""
            append(value, isAttribute: true)
            text += "\""
        }
        text += end
    }

    /// Writes an end tag.
    mutating func close(_ name: String) { text += "</" + name + ">" }

    /// Characters that XML forbids even as references are dropped; line ends and tabs that a parser would turn into spaces become references.
    private mutating func append(_ value: String, isAttribute: Bool) {
        for scalar in value.unicodeScalars {
            switch scalar {
            case "&": text += "&amp;"
            case "<": text += "&lt;"
            case ">": text += "&gt;"
            case "\"": text += "&quot;"
            case "'": text += "&apos;"
            case "\r": text += "&#13;"
            case "\t" where isAttribute: text += "&#9;"
            case "\n" where isAttribute: text += "&#10;"
            case "\t", "\n": text.unicodeScalars.append(scalar)
            case "\u{0}"..<" ", "\u{FFFE}", "\u{FFFF}": break
            default: text.unicodeScalars.append(scalar)
            }
        }
    }
}
