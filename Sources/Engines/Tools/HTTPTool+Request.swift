import NIOCore
import NIOHTTP1

extension HTTPTool {
    /// The request of one call.
    ///
    /// - Parameters:
    ///   - arguments: the call's arguments, checked.
    ///   - key: what tells the tool that two requests are the same call.
    /// - Returns: the request.
    /// - Throws: ``ToolAddress/Failure`` where an argument does not fit the address.
    func request(_ arguments: [String: JSONValue], key: String) throws -> ServiceRequest {
        let rest = method.hasBody ? [:] : arguments.filter { !address.arguments.contains($0.key) }
        var request = ServiceRequest(url: try address.filled(with: arguments, rest: rest))
        request.method = HTTPMethod(rawValue: method.rawValue)
        request.headers = ["User-Agent": "AgentOS", "Accept": "application/json, text/plain;q=0.9, */*;q=0.5"]
        if method.hasBody {
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(ByteBuffer(bytes: try JSONValue.object(arguments).data()))
        }
        for header in headers { request.headers.replaceOrAdd(name: header.name, value: header.value.value) }
        request.headers.replaceOrAdd(name: "Idempotency-Key", value: Self.headerText(key))
        // A connection that was used before may be closed from the other side at the moment of sending: each call has its own.
        request.headers.replaceOrAdd(name: "Connection", value: "close")
        return request
    }

    /// Ids come from models, and may be anything.
    private static func headerText(_ text: String) -> String {
        String(decoding: text.utf8.prefix(255).map { (0x21...0x7E).contains($0) ? $0 : UInt8(ascii: "_") }, as: UTF8.self)
    }
}
