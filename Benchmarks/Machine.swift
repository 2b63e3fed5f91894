import Foundation

/// What the numbers were measured on.
enum Machine {
    /// Cores, processor and system in one line.
    static var description: String {
        let info = ProcessInfo.processInfo
        return "\(info.activeProcessorCount) cores, \(processor ?? "unknown processor"), \(info.operatingSystemVersionString)"
    }

    /// How many processes wanted a core lately: means of 1 and 5 minutes.
    static var load: String {
        var means = [Double](repeating: 0, count: 2)
        guard getloadavg(&means, 2) == 2 else { return "unknown" }
        return means.map { String(format: "%.1f", $0) }.joined(separator: " / ")
    }

    private static var processor: String? {
        guard let info = try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8) else { return nil }
        let line = info.split(separator: "\n").first { $0.hasPrefix("model name") }
        return line?.split(separator: ":").last?.trimmingCharacters(in: .whitespaces)
    }
}
