import Conversation
import NIOCore

/// A call's clock on its event loop, counted from the moment this value was made.
///
/// A timer of the loop wakes the call without another thread. `Task.sleep` needs one, fifty times a second for every call that talks.
struct EventLoopCallClock: CallClock {
    private let loop: any EventLoop
    private let origin = NIODeadline.now()

    /// Starts a clock at zero.
    init(_ loop: any EventLoop) {
        self.loop = loop
    }

    var nowMs: Int { Int((NIODeadline.now() - origin).nanoseconds / 1_000_000) }

    func sleep(untilMs deadlineMs: Int) async throws {
        let timer = loop.scheduleTask(deadline: origin + .milliseconds(Int64(deadlineMs))) {}
        do {
            try await withTaskCancellationHandler {
                try await timer.futureResult.get()
            } onCancel: {
                timer.cancel()
            }
        } catch {
            throw CancellationError()
        }
    }
}
