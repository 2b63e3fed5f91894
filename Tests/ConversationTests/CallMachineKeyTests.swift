import Testing

@testable import Conversation

/// The caller presses keys.
struct CallMachineKeyTests {
    private func press(_ call: inout MachineDriver, _ keys: String, everyMs: Int = 320) {
        for key in keys {
            call.perform { $0.digit(key, nowMs: $1) }
            call.caller(speaks: false, ms: everyMs)
        }
    }

    @Test func keysUpToTheHashAreATurn() {
        var call = MachineDriver()
        press(&call, "471#")
        #expect(
            call.actions == [
                .emit(.digit("4")), .emit(.digit("7")), .emit(.digit("1")), .emit(.digit("#")), .emit(.keyed(digits: "471", turn: 1)),
                .ask(id: 1, turn: 1, [ConversationTurn(role: .caller, text: "4 7 1")]),
            ]
        )
    }

    @Test func keysAreATurnAfterTwoSecondsWithoutAnother() {
        var call = MachineDriver()
        press(&call, "47", everyMs: 1984)
        #expect(call.asked.isEmpty)
        call.pass(ms: 15)
        #expect(call.asked.isEmpty)
        call.pass(ms: 1)
        #expect(call.events.last == .keyed(digits: "47", turn: 1))
        #expect(call.asked == [1])
        #expect(call.machine.keypad.dueAtMs(pauseMs: 0) == nil)
    }

    @Test func hashAloneIsATurn() {
        var call = MachineDriver()
        press(&call, "#")
        #expect(call.events.last == .keyed(digits: "#", turn: 1))
    }

    @Test func endlessKeysAreCut() {
        var call = MachineDriver()
        press(&call, String(repeating: "1", count: 65), everyMs: 0)
        #expect(call.asked == [1])
        #expect(call.machine.keypad.digits == "1")
    }

    @Test func keyCutsTheAnswerAtOnce() {
        var call = MachineDriver()
        call.exchange(answer: "One two three four five six seven eight.", ms: 4000)
        call.caller(speaks: false, ms: 2016)
        call.forgetActions()
        call.perform { $0.digit("1", nowMs: $1) }
        #expect(
            call.actions == [
                .emit(.digit("1")), .line(.clear), .emit(.bargeIn(turn: 1, playedMs: 2016)),
                .emit(.assistantHeard(text: "One two three four", turn: 1, complete: false)),
            ]
        )
        call.caller(speaks: false, ms: 2048)
        #expect(call.asked == [2])
    }

    @Test func keyCutsAPausedAnswerWithoutASecondClear() {
        var call = MachineDriver()
        call.exchange(answer: "One two three four five six seven eight.", ms: 4000)
        call.caller(speaks: false, ms: 2016)
        call.caller(speaks: true, ms: 192)
        press(&call, "1#")
        #expect(call.actions.count { $0 == .line(.clear) } == 1)
        #expect(call.events.contains { if case .bargeIn(1, _) = $0 { true } else { false } })
        call.caller(speaks: false, ms: 320)
        call.transcribed(2, "")
        #expect(call.asked == [1, 2])
        #expect(!call.events.contains { if case .assistantResumed = $0 { true } else { false } })
    }

    @Test func keyReplacesAnAnswerThatIsNotHeardYet() {
        var call = MachineDriver()
        call.callerSpeaksAndWaits()
        call.transcribed(1, "Hello")
        press(&call, "1#")
        #expect(call.actions.contains { if case .cancelThought = $0 { true } else if case .cancelSpeech = $0 { true } else { false } })
        #expect(call.asked == [1, 2])
        call.answered(2, "Thank you.")
        call.spoken(2, ms: 500)
        call.caller(speaks: false, ms: 640)
        #expect(call.heard.last == .assistantHeard(text: "Thank you.", turn: 2, complete: true))
    }

    @Test func wordsSaidBeforeTheKeysAreDoneAreAnsweredTogetherWithThem() {
        var call = MachineDriver()
        press(&call, "47")
        call.callerSpeaksAndWaits(ms: 640)
        call.transcribed(1, "check the balance please")
        #expect(call.finals == ["check the balance please"])
        #expect(call.asked.isEmpty, "more keys may come")
        press(&call, "#")
        #expect(call.asked == [2])
        guard case .ask(_, _, let conversation)? = call.actions.last else { return }
        #expect(conversation.map(\.text) == ["check the balance please", "4 7"])
    }

    @Test func keysPressedWhileTheCallerSpeaksAreAnsweredWithTheWords() {
        var call = MachineDriver()
        call.caller(speaks: true, ms: 320)
        call.perform { $0.digit("5", nowMs: $1) }
        call.perform { $0.digit("#", nowMs: $1) }
        #expect(call.asked.isEmpty)
        call.callerSpeaksAndWaits(ms: 320)
        call.transcribed(1, "is my choice")
        #expect(call.events.suffix(1) == [.final(text: "is my choice", turn: 2, audioMs: 640, confidence: nil)])
        #expect(call.asked == [2])
    }

    @Test func keysNotYetATurnAreToldWhenTheCallEnds() {
        var call = MachineDriver()
        press(&call, "47")
        call.end()
        #expect(call.events.suffix(2) == [.keyed(digits: "47", turn: 1), .stopped(reason: "hangup")])
        #expect(call.asked.isEmpty)
    }

    @Test func keysAreOnlyToldWhereTheyDoNotInterrupt() {
        var call = MachineDriver { $0.interruptsOnDigits = false }
        call.exchange(ms: 4000)
        call.caller(speaks: false, ms: 1024)
        call.forgetActions()
        press(&call, "1#")
        call.caller(speaks: false, ms: 3200)
        #expect(call.asked.isEmpty)
        #expect(call.events == [.digit("1"), .digit("#"), .assistantHeard(text: "You said so.", turn: 1, complete: true)])
    }

    @Test func metricsOfKeysCountFromTheLastOne() {
        var call = MachineDriver()
        call.perform { $0.digit("5", nowMs: $1) }
        call.caller(speaks: false, ms: 2048)
        let askedLateMs = 2048 % 32
        call.pass(ms: 100)
        call.answered(1, "Thank you.")
        call.spoken(1, ms: 500)
        call.pass(ms: 100)
        #expect(
            call.metrics == [
                TurnMetrics(turn: 1, endpointMs: 2000, sttMs: 0, chatFirstTokenMs: 148 + askedLateMs, ttsFirstAudioMs: 0, wireMs: 20)
            ]
        )
    }
}
