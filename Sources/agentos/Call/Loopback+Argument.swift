import ArgumentParser
package import TwilioTwin

extension Loopback: ExpressibleByArgument {
    /// Reads `-12,150`: the gain in dB, from -60 to 0, and the delay in ms, from 0 to 2000.
    package init?(argument: String) {
        let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
        guard parts.count == 2, let gainDB = Double(parts[0]), let delayMs = Int(parts[1]), (-60...0).contains(gainDB), (0...2000).contains(delayMs)
        else { return nil }
        self.init(delayMs: delayMs, gainDB: gainDB)
    }
}
