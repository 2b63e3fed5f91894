import Foundation
import NIOHTTP1
import Testing

@testable import Engines

/// What of a service's failure is repeated in a message.
@Suite struct ServiceTextTests {
    @Test(arguments: [
        #"{"error":{"message":"no such model"}}"#, #"[{"error":{"code":404,"message":"no such model"}}]"#, #"{"error":"no such model"}"#,
        #"{"message":"no such model"}"#, #"{"detail":"no such model"}"#, #"{"detail":[{"msg":"no such model"}]}"#, #"{"errors":["no such model"]}"#,
        #"{"errors":[{"message":"no such model"}]}"#, #"{"error":"x","error_description":"no such model"}"#.replacing(#""error":"x","#, with: ""),
        #"{"title":"no such model","status":404}"#, #"{"error":{"message":"{\"error\":{\"message\":\"no such\\n model\"}}"}}"#,
        "<html><head><title>no such\n model</title></head><body>x</body></html>", "<p>no such <b>model</b></p>", "no such model",
        #"{"error":{"metadata":{},"message":"","detail":"no such model"}}"#,
    ])
    func theMessageInsideIsFound(_ body: String) {
        #expect(ServiceText(hiding: []).failure(in: body) == "no such model")
    }

    @Test func aPlaceIsNamedBesideItsMessage() {
        let body = #"{"detail":[{"type":"missing","loc":["body","messages",0,"content"],"msg":"Field required"}]}"#
        #expect(ServiceText(hiding: []).failure(in: body) == "body.messages.0.content: Field required")
    }

    @Test(arguments: [#"{"error":{"message":"too big","x":""#, #"{"message": "too big", "trace": ""#])
    func theMessageOfALongBodyIsFound(_ beginning: String) {
        #expect(ServiceText(hiding: []).failure(in: beginning + String(repeating: "x\n", count: 1 << 15)) == "too big")
    }

    @Test(arguments: [
        String(repeating: "x y\n", count: 1 << 19), "<html>" + String(repeating: "<p>x", count: 1 << 18),
        "[" + String(repeating: "1,", count: 1 << 18),
    ])
    func aLongBodyIsOneShortLine(_ body: String) {
        let line = ServiceText(hiding: []).failure(in: body)
        #expect(line.count <= 120 && !line.contains("\n"))
    }

    @Test(
        arguments: [
            (["Retry-After": "2"], 2_000), (["Retry-After": "1.5"], 1_500), (["retry-after-ms": "250", "Retry-After": "9"], 250),
            (["Retry-After": "Sun, 06 Nov 1994 08:49:40 GMT", "Date": "Sun, 06 Nov 1994 08:49:37 GMT"], 3_000),
            (["x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": "1m2s", "x-ratelimit-reset-requests": "5s"], 62_000),
            (["x-ratelimit-reset": "120ms"], 120), (["Retry-After": "soon"], nil), (["x-ratelimit-reset-requests": "2s"], nil), ([:], nil),
        ] as [([String: String], Int?)]
    )
    func theWaitIsRead(_ headers: [String: String], _ ms: Int?) {
        #expect(ServiceWait(HTTPHeaders(headers.map { ($0.key, $0.value) })).ms == ms)
    }
}
