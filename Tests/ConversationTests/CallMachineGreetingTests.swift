import Testing

@testable import Conversation

/// What the agent says when the call begins.
struct CallMachineGreetingTests {
    /// A call whose greeting of 4 s has begun, two of them protected.
    private func greeted(protectedMs: Int = 2000, echoesMarks: Bool = true) -> MachineDriver {
        var call = MachineDriver {
            $0.greeting = "Welcome to our house. This call is recorded."
            $0.greetingProtectedMs = protectedMs
        }
        call.echoesMarks = echoesMarks
        call.perform { $0.begin(nowMs: $1) }
        for _ in 0..<2 { call.spoken(1, ms: 2000) }
        return call
    }

    private func isCut(_ call: MachineDriver) -> Bool { call.actions.contains(.line(.clear)) }

    @Test func greetingIsSaidAndRememberedAsTheFirstTurn() {
        var call = greeted(protectedMs: 0)
        #expect(call.events == [.active, .assistantText(text: "Welcome to our house. This call is recorded.", turn: 1)])
        call.caller(speaks: false, ms: 5024)
        #expect(call.heard == [.assistantHeard(text: "Welcome to our house. This call is recorded.", turn: 1, complete: true)])
        #expect(call.metrics.isEmpty, "nobody waited for it")
        call.callerSpeaksAndWaits()
        call.transcribed(1, "Hello")
        guard case .ask(_, 2, let conversation)? = call.actions.last else {
            Issue.record("\(call.actions)")
            return
        }
        #expect(conversation.map(\.role) == [.assistant, .caller])
    }

    @Test func unprotectedGreetingGivesWayLikeAnyAnswer() {
        var call = greeted(protectedMs: 0)
        call.caller(speaks: false, ms: 512)
        call.callerSpeaksAndWaits()
        call.transcribed(1, "I have a question")
        #expect(isCut(call))
        #expect(call.asked == [2])
    }

    @Test func protectedBeginningIsHeardWhateverIsSaidOverItAndThenAnswered() {
        var call = greeted()
        call.caller(speaks: false, ms: 320)
        call.callerSpeaksAndWaits(ms: 640)
        call.transcribed(1, "I have a question")
        #expect(!isCut(call) && call.asked.isEmpty)
        call.caller(speaks: false, ms: 640)
        #expect(isCut(call))
        #expect(call.asked == [2])
        guard case .assistantHeard(let text, 1, false)? = call.heard.first else {
            Issue.record("\(call.events)")
            return
        }
        #expect(text.hasPrefix("Welcome to our house."))
        #expect(call.farEnd.heardRuns(nowMs: call.nowMs)[0].count >= 2000 * 8)
    }

    @Test func callerWhoStillSpeaksWhenTheProtectionEndsIsHeardOut() {
        var call = greeted()
        call.caller(speaks: false, ms: 1600)
        call.caller(speaks: true, ms: 960)
        #expect(isCut(call))
        #expect(call.farEnd.heardRuns(nowMs: call.nowMs)[0].count >= 2000 * 8)
        call.caller(speaks: false, ms: 736)
        call.transcribed(1, "I have a question")
        #expect(call.asked == [2])
    }

    @Test(arguments: [true, false])
    func wordsOverAGreetingProtectedToItsEndAreAnsweredAfterIt(echoesMarks: Bool) {
        var call = greeted(protectedMs: 60_000, echoesMarks: echoesMarks)
        call.caller(speaks: false, ms: 320)
        call.callerSpeaksAndWaits(ms: 640)
        call.transcribed(1, "I have a question")
        #expect(call.asked.isEmpty)
        call.caller(speaks: false, ms: 6400)
        #expect(!isCut(call))
        #expect(call.heard == [.assistantHeard(text: "Welcome to our house. This call is recorded.", turn: 1, complete: true)])
        #expect(call.finals == ["I have a question"])
        #expect(call.asked == [2])
    }

    @Test func wordsOverAProtectedBeginningAreAnsweredAfterItOnALineThatEchoesNothing() {
        var call = greeted(echoesMarks: false)
        call.caller(speaks: false, ms: 320)
        call.callerSpeaksAndWaits(ms: 640)
        call.transcribed(1, "I have a question")
        #expect(call.asked.isEmpty)
        call.caller(speaks: false, ms: 1280)
        #expect(call.asked == [2])
    }

    @Test func keysDoNotCutTheProtectedBeginningEither() {
        var call = greeted()
        call.caller(speaks: false, ms: 320)
        call.perform { $0.digit("4", nowMs: $1) }
        call.perform { $0.digit("#", nowMs: $1) }
        #expect(!isCut(call))
        call.caller(speaks: false, ms: 2400)
        #expect(call.farEnd.heardRuns(nowMs: call.nowMs)[0].count >= 2000 * 8)
        #expect(call.events.contains(.keyed(digits: "4", turn: 2)))
        #expect(call.asked == [2])
    }

    @Test func slowKeysDoNotCutTheProtectedBeginningEither() {
        var call = greeted(protectedMs: 3500)
        call.caller(speaks: false, ms: 320)
        call.perform { $0.digit("4", nowMs: $1) }
        call.caller(speaks: false, ms: 2400)
        #expect(!isCut(call))
        call.caller(speaks: false, ms: 2400)
        #expect(call.events.contains(.keyed(digits: "4", turn: 2)))
        #expect(call.asked == [2])
    }

    @Test func coughOverTheProtectedBeginningChangesNothing() {
        var call = greeted()
        call.caller(speaks: false, ms: 320)
        call.caller(speaks: true, ms: 192)
        call.caller(speaks: false, ms: 320)
        call.transcribed(1, "")
        call.caller(speaks: false, ms: 4480)
        #expect(!isCut(call))
        #expect(call.dismissals == [.noWords])
        #expect(call.farEnd.played.count == 4000 * 8)
    }
}
