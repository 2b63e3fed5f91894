import Conversation
import NIOCore

/// One answer in the making: asks endpoints until one answers, and reads what it says.
///
/// The work is done by the task that asks for the next piece, so cancelling that task, or letting go of the reply, closes the connection.
actor ChatReply {
    private enum State {
        /// The next endpoint is to be asked, after a pause. May become reading, asking or over.
        case asking(afterMs: Int)
        /// An endpoint answers. May become asking while nothing of the answer was given, or over.
        case reading(ServiceBody)
        /// There is nothing more.
        case over
    }

    /// How long the end of an answer's body is waited for, once the answer is complete: then its connection can be used again.
    private static let tailMs = 100
    /// An endpoint that refused so many forms of a request is given up.
    private static let mostForms = 8
    /// The most bytes of a refusal that are read.
    private static let longestRefusal = 64 << 10

    private let request: ChatRequest
    private let configuration: ChatConfiguration
    private let client: ServiceClient
    private let ids: ChatCallIDs
    private let text: ServiceText
    private let notes: ChatCallNotes
    private let count: @Sendable (ChatUsage) -> Void

    private var state = State.asking(afterMs: 0)
    private var attempts: ChatAttempts
    private var reader: ChatAnswerReader
    private var outputs: [AssistantOutput] = []
    private var failure: ChatFailure?
    /// When the caller has waited long enough for anything to be said.
    private var giveUpMs: Int?
    /// When the endpoint has been silent for too long.
    private var deadlineMs = 0
    private var firstTokenMs = 0
    private var hasTokens = false
    /// The request that is being answered.
    private var sent: ChatRequest.Sent?
    /// The forms that were tried at the endpoint, in which ``trials`` are not yet accepted.
    private var tried: [ChatDialect.Change] = []
    private var trials: [ChatDialect.Change] = []
    private var triedContents: Set<ChatDialect.EmptyContent> = []
    /// What was said, to keep with it what the service attached.
    private var words = ""
    /// Something of the answer was given: from then on nothing can be tried again.
    private var isAnswering = false

    /// Makes a reply, which asks nobody before its first piece is wanted.
    init(
        to request: ChatRequest,
        ids: ChatCallIDs,
        configuration: ChatConfiguration,
        client: ServiceClient,
        notes: ChatCallNotes,
        count: @escaping @Sendable (ChatUsage) -> Void
    ) {
        self.request = request
        self.ids = ids
        self.configuration = configuration
        self.client = client
        self.notes = notes
        self.count = count
        text = ServiceText(hiding: configuration.secrets)
        attempts = ChatAttempts(configuration)
        reader = ChatAnswerReader(text: text, ids: ids)
    }

    /// The next piece of the answer; nil after the last one.
    func next() async throws -> AssistantOutput? {
        // The time that a slow listener takes is not the endpoint's.
        if isAnswering, reader.stage == .open { deadlineMs = nowMs + configuration.betweenTokensMs }
        do {
            while outputs.isEmpty {
                if let failure { try settle(failure) }
                switch state {
                case .asking(let pause): try await ask(afterMs: pause)
                case .reading(let body): try await read(body)
                case .over: return nil
                }
            }
        } catch {
            state = .over
            throw error
        }
        return outputs.removeFirst()
    }

    private var nowMs: Int { client.clock.nowMs }

    private var msLeft: Int { giveUpMs.map { $0 - nowMs } ?? 0 }

    private func ask(afterMs pauseMs: Int) async throws {
        if giveUpMs == nil { giveUpMs = nowMs + configuration.totalMs }
        if pauseMs > 0 { try await client.clock.sleep(untilMs: nowMs + pauseMs) }
        firstTokenMs = min(configuration.firstTokenMs, max(0, msLeft))
        deadlineMs = nowMs + firstTokenMs
        let endpoint = attempts.endpoint
        let dialect = dialect
        let sent = request.sent(to: endpoint, in: dialect, notes: notes)
        self.sent = sent
        let tools = dialect.acceptsTools ? request.tools : []
        let context = ChatAnswerContext(origin: endpoint.origin, tools: tools, beginsInThought: dialect.beginsInThought == true)
        reader = ChatAnswerReader(text: text, ids: ids, context: context)
        hasTokens = false
        do {
            let answer = try await client.send(try endpoint.request(with: sent.body), untilMs: deadlineMs)
            guard answer.isSuccess else { return fail(await refusal(answer)) }
            state = .reading(answer.body)
        } catch let fault as ServiceFault {
            fail(fault.kind == .timedOut ? late : ChatFailure(fault))
        }
    }

    /// What the endpoint accepts, as far as it is known, and what is being tried.
    private var dialect: ChatDialect {
        var dialect = notes.dialect(of: attempts.endpoint)
        for change in trials { dialect.apply(change) }
        return dialect
    }

    private func refusal(_ answer: ServiceAnswer) async -> ChatFailure {
        let body = try? await answer.body.beginning(upTo: Self.longestRefusal, untilMs: nowMs + min(500, max(0, msLeft)))
        let words = body?.text ?? ""
        let reason = text.failure(in: words)
        return ChatFailure(ChatRefusal(status: answer.status, body: words), reason: reason, retryAfterMs: answer.retryAfterMs)
    }

    private func read(_ body: ServiceBody) async throws {
        do {
            switch deadlineMs <= nowMs ? .late : try await body.next(untilMs: deadlineMs) {
            case .bytes(let bytes): take(try reader.feed(bytes.readableBytesView))
            case .late where reader.stage == .open: fail(late)
            case .late, .end: try finish()
            }
        } catch let failure as ChatFailure {
            fail(failure)
        } catch let fault as ServiceFault {
            // What breaks after the answer is no failure of the answer.
            if reader.stage == .open { fail(ChatFailure(fault)) } else { finishOrFail() }
        }
    }

    private func finish() throws(ChatFailure) {
        state = .over
        take(try reader.end())
        if let usage = reader.usage { count(usage) }
        if let beginsInThought = reader.beginsInThought { notes.learn(.beginsInThought(beginsInThought), of: attempts.endpoint) }
        if !reader.attached.isEmpty, !words.isEmpty { notes.keep(reader.attached, of: words, from: attempts.endpoint) }
    }

    private func finishOrFail() {
        do { try finish() } catch { fail(error) }
    }

    private func take(_ progress: ChatStreamReader.Progress) {
        hasTokens = hasTokens || progress.hasTokens
        if reader.stage != .open {
            deadlineMs = min(deadlineMs, nowMs + Self.tailMs)
        } else if progress.hasTokens {
            deadlineMs = nowMs + (isAnswering ? configuration.betweenTokensMs : min(configuration.betweenTokensMs, msLeft))
        }
        if !isAnswering, !progress.outputs.isEmpty {
            isAnswering = true
            for change in trials { notes.learn(change, of: attempts.endpoint) }
            if let line = attempts.line { outputs.append(.fault(line)) }
        }
        outputs += progress.outputs
        for case .text(let more) in progress.outputs { words += more }
        if let failure = progress.failure { fail(failure) }
    }

    /// Keeps a failure until what came before it was given.
    private func fail(_ failure: ChatFailure) {
        state = .over
        self.failure = failure
    }

    private func settle(_ failure: ChatFailure) throws {
        self.failure = nil
        guard !isAnswering else { throw EngineError(.failed, "chat: \(attempts.endpoint.host) \(failure.what), after it had begun to answer") }
        let place = attempts.endpoint
        switch adapted(to: failure) ?? attempts.failed(failure, msLeft: msLeft) {
        case .ask(let pause): state = .asking(afterMs: pause)
        case .giveUp: throw EngineError(.failed, attempts.line ?? "chat: no endpoint answered")
        }
        if attempts.endpoint != place { (tried, trials, triedContents) = ([], [], []) }
    }

    /// Asks again in another form if the endpoint refused this one; nil if there is no other.
    private func adapted(to failure: ChatFailure) -> ChatAttempts.Step? {
        guard let refusal = failure.refusal, var sent, tried.count < Self.mostForms else { return nil }
        // Another call may have learnt the same meanwhile.
        if !refusal.isTooLong, refusal.concernsRequest, request.sent(to: attempts.endpoint, in: dialect, notes: notes).body != sent.body {
            return attempts.refused(failure, then: "asked again in the form that was learnt meanwhile", msLeft: msLeft)
        }
        sent.tried = Set(tried)
        triedContents.insert(dialect.emptyContent)
        sent.triedContents = triedContents
        guard let change = dialect.change(after: refusal, of: sent), !tried.contains(change) else { return nil }
        tried.append(change)
        if change.isCertain { notes.learn(change, of: attempts.endpoint) } else { trials.append(change) }
        // The same request would be refused again.
        let next = request.sent(to: attempts.endpoint, in: dialect, notes: notes)
        guard next.body != sent.body else { return nil }
        return attempts.refused(failure, then: change.words, msLeft: msLeft)
    }

    private var late: ChatFailure {
        if isAnswering { return ChatFailure("fell silent for \(configuration.betweenTokensMs) ms") }
        if !hasTokens { return ChatFailure("gave no token within \(firstTokenMs) ms", remedy: .preferablyOther) }
        if msLeft <= 0 { return ChatFailure("had nothing to say within \(configuration.totalMs) ms") }
        return ChatFailure("fell silent for \(configuration.betweenTokensMs) ms", remedy: .preferablyOther)
    }
}
