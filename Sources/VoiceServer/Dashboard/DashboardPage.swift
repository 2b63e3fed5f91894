import Crypto
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// The dashboard: one page without anything from elsewhere, put together from the files in `Resources`.
///
/// Those files are part of the program, so that it needs no folder beside it.
enum DashboardPage {
    private static let style = text(PackageResources.page_css)
    /// First what the page knows, a function of what the server said; then drawing and talking to the server.
    private static let script = text(PackageResources.calls_js) + text(PackageResources.page_js)

    /// HTML, style and script in one.
    static let html = text(PackageResources.page_html)
        .replacing("<style></style>", with: "<style>\(style)</style>")
        .replacing("<script></script>", with: "<script>\(script)</script>")

    /// Callers' words are shown here: nothing but the page's own script and style may have an effect, whatever a caller says.
    static let contentSecurityPolicy = [
        "default-src 'none'", "script-src \(hash(of: script))", "style-src \(hash(of: style))", "connect-src 'self'", "base-uri 'none'",
        "form-action 'none'", "frame-ancestors 'none'",
    ].joined(separator: "; ")

    /// A script or style as a policy names it.
    private static func hash(of content: String) -> String {
        "'sha256-\(Data(SHA256.hash(data: Data(content.utf8))).base64EncodedString())'"
    }

    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}

/// The live view of all calls for people.
struct DashboardRoute: Sendable {
    /// The route; it wants the token.
    var routes: [Route] {
        [
            .get("/", query: .any) { _, _ in
                Response(
                    status: .ok,
                    headers: [.contentType: "text/html; charset=utf-8", .contentSecurityPolicy: DashboardPage.contentSecurityPolicy],
                    body: .init(byteBuffer: ByteBuffer(string: DashboardPage.html))
                )
            }
        ]
    }
}
