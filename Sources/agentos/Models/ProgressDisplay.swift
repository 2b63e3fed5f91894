/// How far a download has come, as text: a bar that redraws itself where a person looks, otherwise a line every tenth.
struct ProgressDisplay: Sendable {
    private static let barWidth = 30

    /// Bytes of the whole download.
    let total: Int
    /// Whether a person looks.
    let isInteractive: Bool
    private var lastStep = -1

    /// Makes a display that has shown nothing.
    init(total: Int, isInteractive: Bool) {
        self.total = total
        self.isInteractive = isInteractive
    }

    /// What is to be written now that so many bytes are there; nil where nothing has changed that would show.
    mutating func text(received: Int) -> String? {
        let percent = total > 0 ? min(100, received * 100 / total) : 100
        let step = isInteractive ? percent : percent / 10
        guard step != lastStep else { return nil }
        lastStep = step
        let amount = "\(Self.megabytes(received)) of \(Self.megabytes(total)) MB"
        guard isInteractive else { return "\(step * 10) %, \(amount)\n" }
        let filled = percent * Self.barWidth / 100
        let bar = String(repeating: "#", count: filled) + String(repeating: "-", count: Self.barWidth - filled)
        return "\r[\(bar)] \(percent) %  \(amount)" + (percent == 100 ? "\n" : "")
    }

    /// What is to be written before anything else when the download has failed.
    var interruption: String? {
        isInteractive && (0..<100).contains(lastStep) ? "\n" : nil
    }

    private static func megabytes(_ bytes: Int) -> String {
        let tenths = (bytes + 50_000) / 100_000
        return "\(tenths / 10).\(tenths % 10)"
    }
}
