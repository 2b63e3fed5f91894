import Testing
import Twilio

@Suite struct TwilioRESTErrorTests {
    @Test func twiliosErrorObjectIsRead() {
        let body = #"{"code":20404,"message":"Not\nfound","more_info":"https://www.twilio.com/docs/errors/20404","status":404}"#
        let error = TwilioRESTError(status: 404, body: body.utf8)
        #expect(error == TwilioRESTError(status: 404, code: 20404, message: "Not found"))
        #expect(error.description == "HTTP 404, Twilio error 20404: Not found")
    }

    @Test func itsNewerFormIsReadToo() {
        let body = #"{"type":"about:blank","title":"Bad","status":400,"code":20001,"detail":"Twiml is bad","errors":[]}"#
        #expect(TwilioRESTError(status: 400, body: body.utf8) == TwilioRESTError(status: 400, code: 20001, message: "Twiml is bad"))
    }

    @Test(arguments: ["", "<html>Bad gateway</html>", "{", "[]", "null", #"{"code":"x"}"#, #"{"message":7}"#])
    func otherBodiesLeaveTheStatusToSpeak(body: String) {
        #expect(TwilioRESTError(status: 502, body: body.utf8).description == "HTTP 502: no reason was given")
    }

    @Test func messagesAreOneShortLine() {
        let error = TwilioRESTError(status: 500, body: #"{"message":"a\r\n\u001b[31mb\#(String(repeating: "x", count: 9000))"}"#.utf8)
        #expect(error.message.hasPrefix("a [31mb"))
        #expect(error.message.count == 200)
    }

    @Test func whatIsWrittenIsReadBack() {
        for error in [TwilioRESTError.notAuthenticated, .notInProgress, .notFound("/a\"b")] {
            #expect(TwilioRESTError(status: error.status, body: error.json.utf8) == error)
        }
        #expect(TwilioRESTError.notInProgress.json.contains(#""more_info":"https://www.twilio.com/docs/errors/21220""#))
    }

    @Test func callsAreReadWhateverElseIsInThem() {
        let body = #"{"sid":"CA1","status":"in-progress","price":null,"duration":"15","subresource_uris":{},"account_sid":"AC1"}"#
        #expect(CallResource(json: body.utf8) == CallResource(sid: "CA1", status: "in-progress", accountSid: "AC1"))
        #expect(CallResource(json: #"{"sid":"CA1"}"#.utf8) == nil)
        #expect(CallResource(json: "hello".utf8) == nil)
    }
}
