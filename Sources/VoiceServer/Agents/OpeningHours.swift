import Foundation

/// When somebody is there: hours of the days of the week, in one time zone.
package struct OpeningHours: Sendable, Equatable {
    /// Hours of one day, in minutes after midnight.
    private struct Span: Sendable, Equatable {
        /// 1 is Sunday, as in Foundation's calendar.
        var weekday: Int
        var minutes: Range<Int>
    }

    private static let days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
    private static let form = "is not like \"mon-fri 09:00-17:30, sat 10:00-14:00\""

    private let spans: [Span]
    private let timeZone: TimeZone

    /// Reads hours such as `mon-fri 09:00-17:30, sat 10:00-14:00`; nil if the text has another form.
    init?(_ text: String, timeZone: TimeZone) {
        var spans: [Span] = []
        for part in text.lowercased().split(separator: ",") {
            let words = part.split(whereSeparator: \.isWhitespace)
            guard words.count == 2, let days = Self.days(words[0]), let minutes = Self.minutes(words[1]) else { return nil }
            spans += days.map { Span(weekday: $0, minutes: minutes) }
        }
        guard !spans.isEmpty else { return nil }
        self.spans = spans
        self.timeZone = timeZone
    }

    /// Reads hours out of the configuration file; without a time zone they are the machine's.
    init?(_ value: YAMLValue, timeZone zone: YAMLValue?) {
        let name = zone?.words()
        let timeZone = name.map { TimeZone(identifier: $0) } ?? .current
        if timeZone == nil { zone?.note("is not a time zone such as Europe/Berlin") }
        guard let text = value.words() else { return nil }
        guard let hours = OpeningHours(text, timeZone: timeZone ?? .gmt) else {
            value.note(Self.form)
            return nil
        }
        self = hours
    }

    /// Whether somebody is there at this moment.
    func isOpen(at moment: Date) -> Bool {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = timeZone
        let now = calendar.dateComponents([.weekday, .hour, .minute], from: moment)
        guard let weekday = now.weekday, let hour = now.hour, let minute = now.minute else { return true }
        let minutes = hour * 60 + minute
        let yesterday = weekday == 1 ? 7 : weekday - 1
        // Hours that end after midnight belong to the day they begin on.
        return spans.contains { span in
            (span.weekday == weekday && span.minutes.contains(minutes)) || (span.weekday == yesterday && span.minutes.contains(minutes + 1440))
        }
    }

    private static func days(_ text: Substring) -> [Int]? {
        let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { name in days.firstIndex { name == $0 } }
        guard let first = ends.first ?? nil, let last = ends.last ?? nil, ends.count <= 2 else { return nil }
        let count = (last - first + 7) % 7
        return (0...count).map { (first + $0) % 7 + 1 }
    }

    private static func minutes(_ text: Substring) -> Range<Int>? {
        let ends = text.split(separator: "-", omittingEmptySubsequences: false).map(minute)
        guard ends.count == 2, let begin = ends[0], let end = ends[1], begin != end else { return nil }
        return begin..<(end < begin ? end + 1440 : end)
    }

    /// Minutes after midnight of `09:30` or `24:00`.
    private static func minute(_ text: Substring) -> Int? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[1].count == 2, let hour = Int(parts[0]), let minute = Int(parts[1]), (0...24).contains(hour),
            (0..<60).contains(minute), hour * 60 + minute <= 1440
        else { return nil }
        return hour * 60 + minute
    }
}
