import Testing
import Twilio

@Suite struct CallCreationTests {
    private static let least: [(String, String)] = [("To", "+14155550123"), ("From", "+14155550100"), ("Url", "https://h/screen")]

    private func refusal(_ pairs: [(String, String)]) -> TwilioRESTError? {
        do throws(TwilioRESTError) {
            _ = try CallCreation(WebhookParameters(pairs.map { .init($0.0, $0.1) }))
            return nil
        } catch {
            return error
        }
    }

    @Test(arguments: [
        CallCreation(to: "+14155550123", from: "+14155550100", url: "https://h/a?b=c&d", method: "GET"),
        CallCreation(to: "sip:desk@example.com", from: "client:agent", twiml: TwiML([.say("é & <b>", voice: nil), .hangup])),
        CallCreation(
            to: "+14155550123",
            from: "+14155550100",
            url: "https://h/screen",
            timeoutSeconds: 20,
            statusCallback: "https://h/leg",
            statusCallbackEvents: ["initiated", "ringing", "answered", "completed"],
            machineDetection: "Enable",
            asyncAMD: true,
            asyncAMDStatusCallback: "https://h/amd"
        ),
    ])
    func whatIsSentIsReadBack(call: CallCreation) throws {
        let form = try call.parameters.formEncoded
        #expect(try CallCreation(WebhookParameters(formEncoded: Array(form.utf8))) == call)
    }

    @Test func everyEventIsAParameter() throws {
        let call = CallCreation(to: "+14155550123", from: "+14155550100", url: "https://h", statusCallbackEvents: ["initiated", "answered"])
        #expect(try call.parameters.formEncoded.hasSuffix("&StatusCallbackEvent=initiated&StatusCallbackEvent=answered"))
    }

    @Test func callsArePlacedInTheirAccount() {
        #expect(CallCreation.path(accountSid: "AC1") == "/2010-04-01/Accounts/AC1/Calls.json")
        #expect(CallCreation.path(accountSid: "../x") == "/2010-04-01/Accounts/%2E%2E%2Fx/Calls.json")
    }

    @Test func longDocumentsAreRefusedOnBothSides() throws {
        let document = { (length: Int) in TwiML([.say(String(repeating: "x", count: length - TwiML([.say("", voice: nil)]).xml.count), voice: nil)]) }
        let call = { (length: Int) in CallCreation(to: "+14155550123", from: "+14155550100", twiml: document(length)) }
        #expect(throws: Never.self) { try call(4000).parameters }
        #expect(throws: TwilioRESTError.self) { try call(4001).parameters }
        #expect(refusal([("To", "+14155550123"), ("From", "+14155550100"), ("Twiml", document(4001).xml)])?.code == 32018)
    }

    /// Parameters that replace those of a call that can be placed, or stand beside them; nil leaves one out.
    private struct Bad: Sendable {
        var changes: [String: String?]
        var code: Int

        init(_ changes: [String: String?], _ code: Int) {
            self.changes = changes
            self.code = code
        }
    }

    private static let bad: [Bad] = [
        Bad(["To": nil], 21201), Bad(["From": nil], 21213), Bad(["Url": nil], 21205), Bad(["Twiml": "<Response/>"], 32019),
        Bad(["Url": "/screen"], 21205), Bad(["From": "+14155550123"], 21211), Bad(["To": "desk"], 21211), Bad(["From": "me"], 21212),
        Bad(["Method": "PUT"], 21209), Bad(["Timeout": "soon"], 21208), Bad(["Timeout": "601"], 21208), Bad(["MachineDetection": "yes"], 21234),
        Bad(["Record": "true"], 20001), Bad(["Url": nil, "Twiml": "<Response>"], 12100), Bad(["To": "client:a"], 20001),
    ]

    @Test(arguments: bad) private func whatTwilioDoesNotTakeIsRefusedByNumber(_ bad: Bad) {
        var pairs = Dictionary(uniqueKeysWithValues: Self.least)
        for (name, value) in bad.changes { pairs[name] = value }
        let refusal = refusal(pairs.map { ($0.key, $0.value) })
        #expect(refusal?.code == bad.code)
        #expect(refusal?.status == 400)
    }

    @Test func eventsThatTwilioDoesNotKnowAreTakenAllTheSame() throws {
        let pairs = Self.least + [("StatusCallbackEvent", "initiated answered")]
        let call = try CallCreation(WebhookParameters(pairs.map { .init($0.0, $0.1) }))
        #expect(call.statusCallbackEvents == ["initiated answered"])
    }

    @Test func resourcesKeepWhatIsToldOfThem() {
        let call = CallResource(
            sid: "CA2",
            status: "in-progress",
            accountSid: "AC1",
            from: "+1",
            to: "+2",
            parentCallSid: "CA1",
            answeredBy: "human",
            direction: "outbound-dial"
        )
        let list = CallList(calls: [call, CallResource(sid: "CA1", status: "ringing")])
        #expect(CallList(json: list.json.utf8) == list)
        #expect(call.json.contains(#""answered_by":"human""#))
        #expect(call.json.contains(#""parent_call_sid":"CA1""#))
        #expect(CallList(json: "{}".utf8) == nil)
        #expect(CallList(json: #"{"calls":[{"sid":"CA1","status":"queued","price":null}],"page":0}"#.utf8)?.calls.map(\.status) == ["queued"])
    }
}
