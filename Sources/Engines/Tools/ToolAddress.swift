import Foundation

/// A tool's address, with places for arguments in its path and its query.
struct ToolAddress: Sendable, Equatable {
    /// A piece of an address.
    private enum Piece: Sendable, Equatable {
        case text(String)
        case argument(String, inQuery: Bool)
    }

    /// An argument that the address cannot hold.
    struct Failure: Error, Equatable {
        /// What is wrong, in words that the assistant can act on.
        var message: String
    }

    private let pieces: [Piece]
    /// The host, and the port where it is not the usual one.
    let host: String
    private let hasQuery: Bool

    /// The arguments that it has places for.
    var arguments: Set<String> {
        Set(pieces.compactMap { if case .argument(let name, _) = $0 { name } else { nil } })
    }

    /// The arguments in its path, which every call must have.
    var pathArguments: Set<String> {
        Set(pieces.compactMap { if case .argument(let name, inQuery: false) = $0 { name } else { nil } })
    }

    /// Reads an address.
    ///
    /// - Throws: ``ToolDeclarationError`` if it is not a web address.
    init(_ url: String) throws(ToolDeclarationError) {
        guard let found = url.wholeMatch(of: /((?i:https?):\/\/[^\/?#{}\s@]+)([^#\s]*)/), let parts = URLComponents(string: String(found.1)),
            let host = parts.host
        else {
            throw ToolDeclarationError("url", "must be an http or https address without a fragment or a password, and {argument} only after the host")
        }
        self.host = parts.port.map { "\(host):\($0)" } ?? host
        hasQuery = found.2.contains("?")
        pieces = try Self.pieces(of: found.2, base: String(found.1))
    }

    /// What of the address may be a key: the values of its query, and long parts of its path, as they are sent and as they are meant.
    var secrets: [Secret] {
        var isQuery = false
        return pieces.dropFirst().flatMap { piece -> [Secret] in
            guard case .text(let text) = piece else { return [] }
            let (path, query) = isQuery ? ("", text) : Self.split(text)
            isQuery = isQuery || text.contains("?")
            let names = path.split(separator: "/").map(String.init).filter { $0.count >= Self.longName }
            let values = query.split(separator: "&").compactMap { $0.split(separator: "=", maxSplits: 1).dropFirst().first.map(String.init) }
            return (names + values).flatMap { [$0, $0.removingPercentEncoding ?? $0] }.map { Secret($0) }
        }
    }

    private static func split(_ text: String) -> (path: String, query: String) {
        let parts = text.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        return (parts.first ?? "", parts.dropFirst().first ?? "")
    }

    /// Shorter parts of a path are words.
    private static let longName = 16

    private static func pieces(of text: Substring, base: String) throws(ToolDeclarationError) -> [Piece] {
        var pieces = [Piece.text(base)]
        var rest = text
        var inQuery = false
        while let open = rest.firstIndex(of: "{") {
            guard let close = rest[open...].firstIndex(of: "}"), rest.index(after: open) < close else {
                throw ToolDeclarationError("url", "has a { without a name and a }")
            }
            inQuery = inQuery || rest[..<open].contains("?")
            pieces += [.text(String(rest[..<open])), .argument(String(rest[rest.index(after: open)..<close]), inQuery: inQuery)]
            rest = rest[rest.index(after: close)...]
        }
        return pieces + [.text(String(rest))]
    }

    /// The address for a call.
    ///
    /// - Parameters:
    ///   - arguments: the call's arguments.
    ///   - rest: the arguments to be put into the query besides those that have their places.
    /// - Returns: the address, with every place filled.
    /// - Throws: ``Failure`` where an argument does not fit its place.
    func filled(with arguments: [String: JSONValue], rest: [String: JSONValue]) throws(Failure) -> String {
        var url = ""
        for piece in pieces {
            switch piece {
            case .text(let text): url += text
            case .argument(let name, let inQuery): url += try Self.text(of: arguments[name], name: name, inQuery: inQuery)
            }
        }
        let query = rest.sorted { $0.key < $1.key }.flatMap { name, value in Self.values(value).map { "\(Self.encode(name))=\(Self.encode($0))" } }
        guard !query.isEmpty else { return url }
        return url + (hasQuery ? "&" : "?") + query.joined(separator: "&")
    }

    private static func text(of value: JSONValue?, name: String, inQuery: Bool) throws(Failure) -> String {
        let text = values(value ?? .null).joined(separator: ",")
        // A step like ".." leads to another place than the operator meant.
        guard inQuery || !text.allSatisfy({ $0 == "." }) else {
            throw Failure(message: "\(name): must not be empty or only dots, since it is part of the tool's address")
        }
        return encode(text)
    }

    private static func values(_ value: JSONValue) -> [String] {
        switch value {
        case .null: []
        case .string(let text): [text]
        case .array(let elements): elements.flatMap(values)
        case .bool, .number, .real, .object: [(try? value.text()) ?? ""]
        }
    }

    private static let unreserved = CharacterSet(charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")

    private static func encode(_ text: String) -> String { text.addingPercentEncoding(withAllowedCharacters: unreserved) ?? "" }
}
