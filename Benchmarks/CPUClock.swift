import Foundation

/// CPU time in ns: what a computation costs, whoever else uses the machine.
enum CPUClock {
    /// Of this thread.
    static var threadNs: Int { read(CLOCK_THREAD_CPUTIME_ID) }
    /// Of this process, all threads.
    static var processNs: Int { read(CLOCK_PROCESS_CPUTIME_ID) }

    /// Of another process, all threads that live or lived; nil where the system does not say.
    ///
    /// The sum of utime and stime in `/proc/PID/stat`, but in ns instead of ticks of 10 ms.
    static func ns(ofProcess id: Int32) -> Int? {
        #if os(Linux)
        var clock = clockid_t()
        return clock_getcpuclockid(id, &clock) == 0 ? read(clock) : nil
        #else
        return nil
        #endif
    }

    private static func read(_ clock: clockid_t) -> Int {
        var time = timespec()
        clock_gettime(clock, &time)
        return Int(time.tv_sec) * 1_000_000_000 + Int(time.tv_nsec)
    }
}
