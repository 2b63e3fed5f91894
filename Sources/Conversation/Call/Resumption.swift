/// How a call goes on whose line was lost: what both sides had heard by then, and what the caller is still owed.
package struct Resumption: Sendable, Equatable, Codable {
    /// The call so far, as it was heard, oldest first.
    package var conversation: [ConversationTurn]
    /// The last turn's number; the next exchange follows it.
    package var lastTurn: Int
    /// What the caller is still owed.
    package var debt: Debt
    /// Whether the line was away because it was told to: there is nothing to apologise for.
    package var isExpected = false
    /// Who was on hold or muted when the line was lost.
    package var standing = Standing()

    /// What the loss of the line took from the caller.
    package enum Debt: Sendable, Equatable, Codable {
        /// Nothing: the caller had heard the last answer, or had cut it.
        case nothing
        /// An answer that was made and not heard whole. It is said again as it was: asking once more could do things twice.
        case answer(String)
        /// The caller's last words, in this turn, have had no answer.
        case reply(turn: Int)
        /// Words about what a tool did last.
        case followUp
    }

    /// Makes what a call goes on from.
    package init(conversation: [ConversationTurn] = [], lastTurn: Int, debt: Debt = .nothing) {
        self.conversation = conversation
        self.lastTurn = lastTurn
        self.debt = debt
    }

    /// The turn whose words are answered once the apology is over, if any.
    var owedTurn: Int? {
        if case .reply(let turn) = debt { turn } else { nil }
    }

    /// What is said when the line is back: the apology, and the answer that was cut.
    ///
    /// An answer that was itself an apology and an answer is not wrapped in a second one.
    func opening(apology: String) -> String {
        guard case .answer(var answer) = debt else { return apology }
        if answer.hasPrefix(apology) { answer = String(answer.dropFirst(apology.count)) }
        return answer.allSatisfy(\.isWhitespace) ? apology : "\(apology) \(answer.trimmingPrefix { $0.isWhitespace })"
    }
}
