import Foundation

#if canImport(FoundationXML)
import FoundationXML
#endif

/// An XML element with all that is in it.
struct XMLTree {
    /// The element's name, as it is spelled.
    var name: String
    /// Its attributes.
    var attributes: [String: String]
    /// The elements directly in it.
    var children: [XMLTree] = []
    /// The text directly in it.
    var text = ""

    /// Whether it holds text other than white space.
    var hasText: Bool { !text.allSatisfy(\.isWhitespace) }

    /// Reads a document.
    ///
    /// Documents with a DOCTYPE are refused: TwiML has none, and entities declared there could grow without bound. So are those with
    /// processing instructions other than the XML declaration, on some of which Foundation's parser ends the process.
    init(document: String) throws(TwiMLError) {
        let bytes = Array(document.utf8)
        guard !bytes.contains("<!DOCTYPE".utf8) else { throw .notXML("the document has a DOCTYPE") }
        let body = bytes.starts(with: "<?xml ".utf8) ? bytes[2...] : bytes[...]
        guard !body.contains("<?".utf8) else { throw .notXML("the document has a processing instruction") }
        let builder = XMLTreeBuilder()
        let parser = XMLParser(data: Data(document.utf8))
        parser.delegate = builder
        let isWellFormed = parser.parse()
        if let error = builder.error { throw error }
        // On Linux the parser calls text after the root a fault and yet a success.
        guard isWellFormed, parser.parserError == nil, let root = builder.root else {
            throw .notXML("not well-formed XML at line \(parser.lineNumber), column \(parser.columnNumber)")
        }
        self = root
    }

    /// Starts an element.
    init(name: String, attributes: [String: String]) {
        self.name = name
        self.attributes = attributes
    }
}

/// Builds a tree from the events of `XMLParser`, which wants a class.
private final class XMLTreeBuilder: NSObject, XMLParserDelegate {
    /// TwiML goes five deep; what goes deeper is not TwiML.
    private static let maximumDepth = 32

    var root: XMLTree?
    var error: TwiMLError?
    private var open: [XMLTree] = []

    func parser(
        _ parser: XMLParser,
        didStartElement elementName: String,
        namespaceURI: String?,
        qualifiedName: String?,
        attributes: [String: String]
    ) {
        guard open.count < Self.maximumDepth else {
            error = .notSchema("elements are nested more than \(Self.maximumDepth) deep")
            parser.abortParsing()
            return
        }
        open.append(XMLTree(name: elementName, attributes: attributes))
    }

    func parser(_ parser: XMLParser, didEndElement elementName: String, namespaceURI: String?, qualifiedName: String?) {
        guard let element = open.popLast() else { return }
        if open.isEmpty { root = element } else { open[open.count - 1].children.append(element) }
    }

    func parser(_ parser: XMLParser, foundCharacters string: String) {
        guard !open.isEmpty else { return }
        open[open.count - 1].text += string
    }

    func parser(_ parser: XMLParser, foundCDATA block: Data) {
        guard !open.isEmpty else { return }
        open[open.count - 1].text += String(decoding: block, as: UTF8.self)
    }
}
