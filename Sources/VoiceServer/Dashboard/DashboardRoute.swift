import Crypto
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// The live view of all calls for people: one page without anything from elsewhere, fed by the event stream.
struct DashboardRoute: Sendable {
    /// Callers' words are shown here: nothing but the page's own script and style may have an effect, whatever a caller says.
    static let contentSecurityPolicy = [
        "default-src 'none'", "script-src \(hash(of: "script"))", "style-src \(hash(of: "style"))", "connect-src 'self'", "base-uri 'none'",
        "form-action 'none'", "frame-ancestors 'none'",
    ].joined(separator: "; ")

    /// The route; it wants the token.
    var routes: [Route] {
        [
            .get("/", query: .any) { _, _ in
                Response(
                    status: .ok,
                    headers: [.contentType: "text/html; charset=utf-8", .contentSecurityPolicy: Self.contentSecurityPolicy],
                    body: .init(byteBuffer: ByteBuffer(string: DashboardPage.html))
                )
            }
        ]
    }

    /// The page's script or style as a policy names it.
    private static func hash(of element: String) -> String {
        let parts = DashboardPage.html.components(separatedBy: "<\(element)>")
        let content = parts.last?.components(separatedBy: "</\(element)>").first ?? ""
        return "'sha256-\(Data(SHA256.hash(data: Data(content.utf8))).base64EncodedString())'"
    }
}
