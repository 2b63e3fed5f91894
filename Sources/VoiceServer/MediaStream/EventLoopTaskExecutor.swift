import NIOCore

/// Runs a task on one event loop, so that a call's frames need no hop between threads.
///
/// Nothing that blocks may run in such a task.
final class EventLoopTaskExecutor: TaskExecutor {
    private let loop: any EventLoop

    /// Makes an executor on `loop`.
    init(_ loop: any EventLoop) {
        self.loop = loop
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        loop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
