import Foundation

/// A tool that is an HTTP endpoint.
///
/// `{name}` in the path or the query of its address is filled with the argument of that name, percent-encoded. Arguments in the path are
/// required, whether or not the schema says so.
package struct HTTPTool: Sendable {
    /// How a tool is asked.
    package enum Method: String, Sendable, CaseIterable {
        case get = "GET"
        case post = "POST"
        case put = "PUT"
        case patch = "PATCH"
        case delete = "DELETE"

        /// Whether the arguments travel as the request's body.
        var hasBody: Bool { self == .post || self == .put || self == .patch }
    }

    /// A header that is sent with every call; its value may be a key.
    package struct Header: Sendable, Equatable {
        /// The header's name.
        package var name: String
        /// Its value.
        package var value: Secret

        /// Makes a header.
        package init(_ name: String, _ value: Secret) {
            self.name = name
            self.value = value
        }
    }

    /// What the assistant knows of it.
    package let declaration: ToolDeclaration
    /// How it is asked.
    package let method: Method
    /// The headers of its own.
    package let headers: [Header]
    /// How long it may take, in milliseconds.
    package let timeoutMs: Int
    /// What is said to the caller while it runs.
    package let filler: String?
    /// Its address.
    let address: ToolAddress

    /// Makes a tool.
    ///
    /// - Throws: ``ToolDeclarationError`` for an address or a header that cannot be used.
    package init(
        declaration: ToolDeclaration,
        url: String,
        method: Method = .post,
        headers: [Header] = [],
        timeoutMs: Int = 10_000,
        filler: String? = nil
    ) throws(ToolDeclarationError) {
        address = try ToolAddress(url)
        for header in headers where !header.isSendable {
            throw ToolDeclarationError(
                "headers",
                path: "/\(header.name)",
                "has characters that HTTP forbids, or is a header that is set for every call"
            )
        }
        self.declaration = try Self.declaration(declaration, for: address)
        self.method = method
        self.headers = headers
        self.timeoutMs = timeoutMs
        self.filler = filler
    }

    /// The declaration with the arguments that the address needs.
    ///
    /// A tool without properties gets one for each place of its address. With properties, a place without one is rather a misspelling.
    private static func declaration(_ declaration: ToolDeclaration, for address: ToolAddress) throws(ToolDeclarationError) -> ToolDeclaration {
        let unknown = address.arguments.filter { !declaration.declares($0) }.sorted()
        if let name = unknown.first, !declaration.properties.isEmpty {
            let known = declaration.properties.joined(separator: ", ")
            throw ToolDeclarationError("url", "has a place for {\(name)}: add `\(name)` to the properties of `parameters` (there are: \(known))")
        }
        for name in unknown where name.wholeMatch(of: /[A-Za-z0-9_.-]{1,64}/) == nil {
            throw ToolDeclarationError("url", "has a place with a name that models cannot use: 1 to 64 letters, digits, -, . or _")
        }
        return try declaration.requiring(address.pathArguments.union(unknown).sorted())
    }
}

extension HTTPTool.Header {
    private static let reserved: Set<String> = ["connection", "content-length", "host", "idempotency-key", "transfer-encoding"]

    /// Whether HTTP allows it, and it is not one that every call sets.
    fileprivate var isSendable: Bool {
        let isName = name.wholeMatch(of: /[A-Za-z0-9!#$%&'*+.^_`|~-]+/) != nil
        return isName && !Self.reserved.contains(name.lowercased()) && value.value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }
    }
}
