import Foundation

/// A tool that is an HTTP endpoint of somebody else's.
///
/// `{name}` in the path or the query of its address is filled with the argument of that name, percent-encoded.
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

    /// What the assistant is told of it.
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
        address = try ToolAddress(url, of: declaration)
        for header in headers where !header.isSendable {
            throw ToolDeclarationError(
                "headers",
                path: "/\(header.name)",
                "has characters that HTTP forbids, or is a header that is set for every call"
            )
        }
        self.declaration = declaration
        self.method = method
        self.headers = headers
        self.timeoutMs = timeoutMs
        self.filler = filler
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
