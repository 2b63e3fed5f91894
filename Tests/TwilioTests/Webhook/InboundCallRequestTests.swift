import Testing
import Twilio

@Suite struct InboundCallRequestTests {
    private func request(_ form: String) throws -> InboundCallRequest {
        try InboundCallRequest(WebhookParameters(formEncoded: form.utf8))
    }

    private func fault(_ form: String) -> WebhookError? {
        do throws(WebhookError) {
            _ = try InboundCallRequest(WebhookParameters(formEncoded: form.utf8))
            return nil
        } catch {
            return error
        }
    }

    @Test func standardParametersAreRead() throws {
        let call = try request(
            "CallSid=CA123&From=%2B14155551234&To=%2B14155555678&AccountSid=AC1&CallStatus=ringing&Direction=inbound&ApiVersion=2010-04-01"
                + "&CallerName=+Zo%C3%AB+&ErrorCode=11200&ErrorUrl=https%3A%2F%2Fh&customer_tier=gold"
        )
        #expect(call.callSid == "CA123")
        #expect(call.caller == .e164("+14155551234"))
        #expect(call.called == .e164("+14155555678"))
        #expect(call.accountSid == "AC1")
        #expect(call.callStatus == "ringing")
        #expect(call.direction == "inbound")
        #expect(call.callerName == "Zoë")
        #expect(call.errorCode == "11200")
        #expect(call.errorURL == "https://h")
        #expect(call.forwardedFrom == nil)
    }

    @Test(arguments: [
        ("", ["CallSid", "From", "To"]), ("CallSid=CA1", ["From", "To"]), ("From=a&To=b", ["CallSid"]), ("CallSid=+&From=a&To=b", ["CallSid"]),
        ("CallSid=CA1&From=a", ["To"]), ("CallSid=CA1&From=%2B1415&To=", ["To"]), ("CallSid=CA1&To=b", ["From"]),
        ("CallSid=CA1&From=client:bob", ["To"]), ("callsid=CA1&from=a&to=b", ["CallSid", "From", "To"]),
    ])
    func allThatIsMissingIsNamedAtOnce(form: String, missing: [String]) {
        #expect(fault(form)?.parameters == missing)
        #expect(fault(form)?.description == "missing or blank: " + missing.joined(separator: ", "))
    }

    @Test func aWithheldNumberIsNotMissing() throws {
        let call = try request("CallSid=CA1&From=&To=%2B14155555678")
        #expect(call.caller == .anonymous)
    }

    @Test func aClientMayCallNobodyInParticular() throws {
        let call = try request("CallSid=CA1&From=client%3Abob&To=")
        #expect(call.caller == .client("bob"))
        #expect(call.to == "")
    }

    @Test func ofRepeatsTheFirstThatIsNotBlankCounts() throws {
        #expect(try request("CallSid=&CallSid=CA1&CallSid=CA2&From=a&To=b").callSid == "CA1")
    }

    @Test(arguments: [
        "123", "CA", "ca123", "CA1%2F..%2F2", "CA1%202", "CA%C3%A9", "CA1%0A2", "CA-1", "AC123", "CA\(String(repeating: "1", count: 65))",
    ])
    func aCallSidThatIsNoneIsRefused(sid: String) {
        #expect(fault("CallSid=\(sid)&From=a&To=b")?.code == .badCallSid)
    }
}
