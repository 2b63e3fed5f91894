import Foundation

/// What the system says of this process, as every Prometheus client library has it.
///
/// Source: the manual page proc(5), Linux.
struct ProcessStatus: Sendable, Equatable {
    /// User and system time, in seconds.
    var cpuSeconds: Double
    var residentBytes: Int
    var virtualBytes: Int
    var openDescriptors: Int
    var maximumDescriptors: Int
    /// When the process began, in seconds since 1970.
    var startSeconds: Double

    /// What the kernel counts in.
    struct Units: Sendable {
        var ticksPerSecond: Double
        var pageBytes: Int
    }

    /// Looks now; nil where the system has no `/proc`.
    static func read() -> ProcessStatus? {
        #if os(Linux)
        guard
            let process = try? String(contentsOfFile: "/proc/self/stat", encoding: .utf8),
            let system = try? String(contentsOfFile: "/proc/stat", encoding: .utf8),
            let descriptors = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
        else { return nil }
        let units = Units(ticksPerSecond: Double(sysconf(Int32(_SC_CLK_TCK))), pageBytes: sysconf(Int32(_SC_PAGESIZE)))
        // Reading the folder opens one more.
        return ProcessStatus(process: process, system: system, units: units, openDescriptors: max(0, descriptors - 1))
        #else
        return nil
        #endif
    }

    /// Reads the text of `/proc/self/stat` and `/proc/stat`; nil where they are not as documented.
    init?(process: String, system: String, units: Units, openDescriptors: Int) {
        // The second field is the program's name in parentheses, which may hold anything.
        guard let end = process.lastIndex(of: ")"), units.ticksPerSecond > 0 else { return nil }
        let fields = process[process.index(after: end)...].split(separator: " ").map { Double($0) ?? 0 }
        let bootLine = system.split(separator: "\n").first { $0.hasPrefix("btime ") }
        guard fields.count > 21, let boot = bootLine?.split(separator: " ").last.flatMap({ Double($0) }) else { return nil }
        // The first of these fields is the third of the manual page.
        cpuSeconds = (fields[11] + fields[12]) / units.ticksPerSecond
        startSeconds = boot + fields[19] / units.ticksPerSecond
        virtualBytes = Int(fields[20])
        residentBytes = Int(fields[21]) * units.pageBytes
        self.openDescriptors = openDescriptors
        maximumDescriptors = DescriptorLimit.current
    }

    /// The values for the registry.
    var samples: [PrometheusRegistry.Sample] {
        [
            .init(family: .processCPU, type: "counter", value: cpuSeconds),
            .init(family: .processMaxDescriptors, type: "gauge", value: Double(maximumDescriptors)),
            .init(family: .processOpenDescriptors, type: "gauge", value: Double(openDescriptors)),
            .init(family: .processResidentMemory, type: "gauge", value: Double(residentBytes)),
            .init(family: .processStart, type: "gauge", value: startSeconds),
            .init(family: .processVirtualMemory, type: "gauge", value: Double(virtualBytes)),
        ]
    }
}
