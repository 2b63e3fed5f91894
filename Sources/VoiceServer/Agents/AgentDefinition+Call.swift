import Conversation
import Engines
import Synchronization

extension ServerConfiguration {
    /// How calls are held that an agent answers: as the settings say, where it says nothing else.
    func streamedCall(by agent: AgentDefinition) -> CallMachine.Configuration {
        var call = call
        useWords(of: agent.spokenLanguage, in: &call)
        call.longestCallMs = (agent.longestCallSeconds ?? longestCallSeconds) * 1000
        if let greeting = agent.greeting { call.greeting = greeting.isEmpty ? nil : greeting }
        if let ms = agent.greetingProtectedMs { call.greetingProtectedMs = ms }
        call.turns.language = agent.spokenLanguage
        // A service would be asked, and paid, for many a pause that is none.
        if agent.hearing == nil, stt == "whisper" { call.turns.pauseMs = TurnConfiguration.localPauseMs }
        if let ms = agent.endSilenceMs { call.turns.endSilenceMs = ms }
        if let seconds = agent.idlePromptSeconds { call.idlePromptMs = seconds == 0 ? nil : seconds * 1000 }
        if let text = agent.idlePrompt { call.idlePrompt = text }
        if let text = agent.idleGoodbye { call.idleGoodbye = text }
        if let interrupts = agent.digitsInterrupt { call.interruptsOnDigits = interrupts }
        if let text = agent.silence.apology { call.apology = text }
        agent.silence.adjust(&call.silence)
        if let text = agent.phrases[.resumed] { call.resumeApology = text }
        if let text = agent.phrases[.goodbye] { call.goodbye = text }
        if let text = agent.phrases[.timeLimit] { call.timeLimitGoodbye = text }
        if let text = agent.phrases[.repeatRequest] { call.silence.repeatRequest = text }
        if let text = agent.phrases[.handover] { call.silence.handover = text }
        if let text = agent.phrases[.connecting] { call.connecting = text }
        agent.hold.adjust(&call.hold)
        call.hold.keys = agent.keys
        call.waiting = Dictionary(agent.transfers.filter { $0.mode == .warm }.map { ($0.name, $0.waiting) }) { first, _ in first }
        // One who repeats at once needs nobody to fill the time.
        if agent.speaks(self) == .echo { call.silence.fillerAfterMs = nil }
        call.memory.tokens = (agent.memory ?? .init()).tokens
        call.memory.summarizes = agent.memory?.whenFull == .summarize
        guard streamMode == .start else { return call }
        // The caller could hear nothing of it.
        call.greeting = nil
        call.timeLimitGoodbye = nil
        call.idlePromptMs = nil
        call.silence.fillerAfterMs = nil
        call.silence.repeatRequest = nil
        call.silence.lastResort = .apologise
        return call
    }
}

extension ServerConfiguration {
    /// Sets the fixed sentences that no setting gives, in a language.
    private func useWords(of language: String?, in call: inout CallMachine.Configuration) {
        let words = FixedWords.of(language)
        call.apology = words.apology
        call.goodbye = words.goodbye
        call.silence.fillers = words.fillers
        call.silence.goodbye = words.failureGoodbye
        call.silence.handover = words.handover
        call.silence.repeatRequest = words.repeatRequest
        call.connecting = words.connecting
        call.hold.line = words.holdLine
        call.hold.welcomeBack = words.holdOver
        if given[.idlePrompt] == nil { call.idlePrompt = words.idlePrompt }
        if given[.idleGoodbye] == nil { call.idleGoodbye = words.idleGoodbye }
        if given[.timeLimitGoodbye] == nil { call.timeLimitGoodbye = words.timeLimit }
        if given[.resumeApology] == nil { call.resumeApology = words.resumed }
    }
}

extension AgentDefinition {
    /// The `language` of agents that find out what the caller speaks.
    static let anyLanguage = "auto"

    /// Whether `text` may be an agent's `language`.
    static func isLanguage(_ text: String) -> Bool { text == anyLanguage || SpeechLanguage(text) != nil }

    /// Whether it finds out what the caller speaks.
    var findsOutLanguage: Bool { language == Self.anyLanguage }

    /// The language of its calls (ISO 639-1); nil for English, and for one that finds it out.
    var spokenLanguage: String? { language.flatMap { SpeechLanguage($0)?.code } }
}

extension AgentDefinition.Silence {
    /// Makes a call's rules for silence the agent's.
    fileprivate func adjust(_ rules: inout SilenceConfiguration) {
        rules.fillerAfterMs = fillerAfterMs == 0 ? nil : fillerAfterMs
        if let fillers { rules.fillers = fillers }
        // The assistant gives up by itself; this is for one that does not.
        rules.giveUpAfterMs = giveUpAfterMs + 1000
        rules.mostFailures = failures
        if let goodbye { rules.goodbye = goodbye }
        rules.lastResort =
            switch then {
            case .goodbye: .goodbye
            case .continue: .apologise
            case .transfer: transfer.map { .transfer($0) } ?? .goodbye
            }
    }
}

extension CallMachine.Configuration {
    /// What is said in the same words again and again.
    var fixedPhrases: [String] {
        let handover: String? = if case .transfer = silence.lastResort { silence.handover } else { nil }
        let spoken = [
            greeting, apology, goodbye, silence.goodbye, silence.repeatRequest, handover, idlePrompt, idleGoodbye, timeLimitGoodbye, resumeApology,
            hold.line, hold.welcomeBack, waiting.isEmpty ? nil : connecting,
        ]
        let fillers = silence.fillerAfterMs == nil ? [] : silence.fillers
        return spoken.compactMap(\.self).filter { !$0.isEmpty } + fillers + tools.values.compactMap(\.filler)
    }
}

/// Phrases as a call asks the voice for them, sentence by sentence; each phrase is taken apart once rather than for every call.
final class PhrasePieces: Sendable {
    /// More phrases than the agents of a server have, unless their file is changed all day.
    private static let limit = 1000
    private let known = Mutex<[Phrase: [String]]>([:])

    private struct Phrase: Hashable {
        var text: String
        var language: String?
    }

    func pieces(of text: String, in language: String?) -> [String] {
        let phrase = Phrase(text: text, language: language)
        if let pieces = known.withLock({ $0[phrase] }) { return pieces }
        let pieces = Exchange.spokenPieces(of: text, in: language)
        known.withLock { known in
            if known.count >= Self.limit { known = [:] }
            known[phrase] = pieces
        }
        return pieces
    }
}
