import Conversation
import NIOCore

/// Reads an answer's body piece by piece, each within a time limit.
///
/// One task reads at a time. A read that is cancelled or runs out of time closes the connection.
actor ServiceBody {
    /// What a read brought.
    enum Piece: Sendable {
        case bytes(ByteBuffer)
        /// The body is complete.
        case end
        /// Nothing came in time.
        case late
    }

    private let clock: any CallClock
    /// Nil once a read has failed, was cancelled or has found the end.
    private var parts: ServiceReceiver.Parts?
    private let receiver: ServiceReceiver

    /// Takes over the parts of an answer that follow its head.
    init(_ parts: ServiceReceiver.Parts, from receiver: ServiceReceiver, clock: any CallClock) {
        self.clock = clock
        self.parts = parts
        self.receiver = receiver
    }

    /// Waits for the next bytes, until the clock shows a time.
    ///
    /// - Throws: ``ServiceFault``; `CancellationError` where the task was cancelled.
    nonisolated func next(untilMs deadlineMs: Int) async throws -> Piece {
        do {
            return try await clock.limit(untilMs: deadlineMs) { try await self.read() } ?? .late
        } catch {
            try Task.checkCancellation()
            throw ServiceFault(error)
        }
    }

    /// Reads to the end or up to so many bytes, as text; what came by then, if that takes too long.
    ///
    /// - Parameters:
    ///   - most: the most bytes.
    ///   - deadlineMs: when the clock shows this, no more is read.
    ///   - contentType: the answer's `Content-Type`, which may name the charset.
    /// - Returns: the text, and whether the body ended or was full in time.
    /// - Throws: ``ServiceFault``; `CancellationError` if the task was cancelled.
    nonisolated func beginning(
        upTo most: Int,
        untilMs deadlineMs: Int,
        contentType: String? = nil
    ) async throws -> (text: String, inTime: Bool) {
        var bytes = ByteBuffer()
        let text = { (isCut: Bool) in BodyText.decode(bytes.readableBytesView.prefix(most), contentType: contentType, isCut: isCut) }
        while bytes.readableBytes < most {
            switch try await next(untilMs: deadlineMs) {
            case .bytes(var piece): bytes.writeBuffer(&piece)
            case .end: return (text(false), true)
            case .late: return (text(true), false)
            }
        }
        return (text(true), true)
    }

    private func read() async throws -> Piece {
        guard let parts else { return .end }
        // Put back only after a read that went well: what failed or ended once is not read again.
        self.parts = nil
        var iterator = parts.makeAsyncIterator()
        while let part = try await iterator.next(isolation: self) {
            guard case .bytes(let bytes) = part else { continue }
            receiver.took(bytes.readableBytes)
            self.parts = parts
            return .bytes(bytes)
        }
        // A stream also ends for a reader that is cancelled.
        try Task.checkCancellation()
        return .end
    }
}
