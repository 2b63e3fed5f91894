import Testing
import Twilio

@Suite struct CallUpdateTests {
    private func refusal(_ pairs: [(String, String)]) -> TwilioRESTError? {
        do throws(TwilioRESTError) {
            _ = try CallUpdate(WebhookParameters(pairs.map { .init($0.0, $0.1) }))
            return nil
        } catch {
            return error
        }
    }

    @Test(arguments: [
        CallUpdate.document(TwiML([.dial(.init([.number("+14155550123")], callerID: "+14155550100", timeoutSeconds: 30))])),
        .document(TwiML([.playDigits("ww1#"), .redirect(url: "https://h/in?a=1&b=2#rc=5", method: "POST")])),
        .fetch(url: "https://h/a?b=c&d", method: "GET"), .fetch(url: "https://h", method: nil), .complete, .cancel,
    ])
    func whatIsSentIsReadBack(update: CallUpdate) throws {
        let form = try update.parameters.formEncoded
        #expect(try CallUpdate(WebhookParameters(formEncoded: Array(form.utf8))) == update)
    }

    @Test func callsAreFoundByAccountAndSid() {
        #expect(CallUpdate.path(accountSid: "AC1", callSid: "CA2") == "/2010-04-01/Accounts/AC1/Calls/CA2.json")
        #expect(CallUpdate.path(accountSid: "AC1", callSid: "../x?y") == "/2010-04-01/Accounts/AC1/Calls/%2E%2E%2Fx%3Fy.json")
    }

    @Test func documentsAreShort() throws {
        let document = { (length: Int) in TwiML([.say(String(repeating: "x", count: length - TwiML([.say("", voice: nil)]).xml.count), voice: nil)]) }
        #expect(throws: Never.self) { try CallUpdate.document(document(4000)).parameters }
        #expect(throws: TwilioRESTError.self) { try CallUpdate.document(document(4001)).parameters }
        #expect(refusal([("Twiml", document(4001).xml)])?.status == 400)
    }

    @Test(arguments: [
        ([("Twiml", "<Response>")], 12100), ([("Twiml", "<Response><Sing/></Response>")], 12200),
        ([("Twiml", "<Response/>"), ("Url", "https://h")], 32019), ([], 20001), ([("Status", "busy")], 20001),
        ([("Url", "https://h"), ("Method", "PUT")], 20001), ([("Twiml", "<Response/>"), ("Status", "completed")], 20001),
    ])
    func whatTwilioDoesNotTakeIsRefusedByNumber(pairs: [(String, String)], code: Int) {
        #expect(refusal(pairs)?.code == code)
        #expect(refusal(pairs)?.status == 400)
    }
}
