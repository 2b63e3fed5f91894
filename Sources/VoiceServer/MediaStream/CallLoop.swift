import Conversation
import NIOCore
import Synchronization

/// The home of all calls of one event loop: runs them, tells them the time and wakes them.
///
/// The sockets' handlers on the same thread hand each frame to its call directly. Alarms ring together, at ticks ``tickMs`` apart, so that a hundred
/// calls that talk wake the thread no more often than a few. Nothing but media and what follows from it runs here.
final class CallLoop: CallHome {
    /// How far apart alarms ring, in ms.
    static let tickMs = 10

    private struct Alarm {
        var call: CallSession
        var momentMs: Int
    }

    /// The thread.
    let eventLoop: any EventLoop
    private let origin: NIODeadline
    private let noteTick: @Sendable (_ lateMs: Int) -> Void
    /// The alarms of each tick that is to come, by its moment in ms.
    private let ticks: NIOLoopBoundBox<[Int: [Alarm]]>

    /// Makes the home of an event loop's calls; `noteTick` gets how late each of its ticks came, in ms.
    init(_ eventLoop: any EventLoop, noteTick: @escaping @Sendable (_ lateMs: Int) -> Void) {
        self.eventLoop = eventLoop
        self.noteTick = noteTick
        origin = eventLoop.now
        ticks = .makeBoxSendingValue([:], eventLoop: eventLoop)
    }

    var nowMs: Int { Int((eventLoop.now - origin).nanoseconds / 1_000_000) }

    func wake(_ call: CallSession, atMs momentMs: Int) {
        // What is due already rings at the next tick, and is not taken for a late one.
        let tickMs = (max(momentMs, nowMs) + Self.tickMs - 1) / Self.tickMs * Self.tickMs
        if ticks.value[tickMs] == nil {
            eventLoop.scheduleTask(deadline: origin + .milliseconds(Int64(tickMs))) { self.ring(tickMs) }
        }
        ticks.value[tickMs, default: []].append(Alarm(call: call, momentMs: momentMs))
    }

    private func ring(_ tickMs: Int) {
        noteTick(nowMs - tickMs)
        for alarm in ticks.value.removeValue(forKey: tickMs) ?? [] {
            alarm.call.assumeIsolated { $0.wake(setForMs: alarm.momentMs) }
        }
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        eventLoop.execute { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }

    func asUnownedSerialExecutor() -> UnownedSerialExecutor { UnownedSerialExecutor(ordinary: self) }

    func checkIsolated() { eventLoop.preconditionInEventLoop() }
}

/// The call loops of a server, one for each of its event loops.
final class CallLoops: Sendable {
    private let group: any EventLoopGroup
    private let homes: [CallLoop]
    /// How many media sockets each has.
    private let sockets: Mutex<[Int]>

    /// Makes the call loops of a group, which deals out connections in turn; `noteTick` gets how late each of their ticks came, in ms.
    init(_ group: any EventLoopGroup, noteTick: @escaping @Sendable (_ lateMs: Int) -> Void) {
        self.group = group
        homes = group.makeIterator().map { CallLoop($0, noteTick: noteTick) }
        sockets = Mutex([Int](repeating: 0, count: homes.count))
    }

    /// The home of the calls of a media socket that has been opened.
    func enter(_ channel: any Channel) -> CallLoop {
        guard let place = homes.firstIndex(where: { $0.eventLoop === channel.eventLoop }) else {
            // Not one of the group's.
            return CallLoop(channel.eventLoop) { _ in }
        }
        sockets.withLock { $0[place] += 1 }
        channel.closeFuture.whenComplete { _ in self.sockets.withLock { $0[place] -= 1 } }
        return homes[place]
    }

    /// Has the next connection go to the event loop with the fewest media sockets; to be called before one is expected.
    ///
    /// Connections are dealt out in turn, and each call makes two, one for its webhook and one for its media: of two event loops one would get
    /// all the media.
    func steer() {
        let emptiest = sockets.withLock { sockets in sockets.indices.min { sockets[$0] < sockets[$1] } }
        guard let emptiest, homes.count > 1 else { return }
        let before = homes[(emptiest + homes.count - 1) % homes.count].eventLoop
        for _ in homes where group.next() === before { break }
    }
}
