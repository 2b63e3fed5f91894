import Conversation

extension ServerConfiguration {
    /// The longest call that Twilio can be asked for, in seconds.
    private static let twilioLongestCall = 86_400

    /// Reads who is let in, for how long, and how long it is remembered.
    mutating func takeLimits(_ reader: SettingReader) throws(StartError) {
        let most = 1_000_000
        if let value = try reader.number(.callsPerNumberPerHour, in: 0...most) { admission.callsPerNumberPerHour = value }
        if let value = try reader.number(.callsPerMinute, in: 0...most) { admission.callsPerMinute = value }
        if let value = try reader.number(.concurrentCalls, in: 0...most) { admission.concurrentCalls = value }
        admission.blocked = try numbers(.blockedNumbers, reader)
        admission.allowed = try numbers(.allowedNumbers, reader)
        if let value: RefusalMode = try reader.choice(.refusal) { refusal = value }
        if let value = try reader.number(.longestCallSeconds, in: 1...Self.twilioLongestCall) { longestCallSeconds = value }
        if let value = reader.text(.timeLimitGoodbye) { call.timeLimitGoodbye = value }
        if let value = try reader.number(.overloadLatenessMs, in: 0...10_000) { overload.latenessMs = value }
        if let value = try reader.number(.overloadQueueMs, in: 0...60_000) { overload.queueWaitMs = value }
        if let value = try reader.number(.keepDays, in: 0...36_500) { keepDays = value }
    }

    private func numbers(_ key: SettingKey, _ reader: SettingReader) throws(StartError) -> [NumberPattern] {
        guard let text = reader.text(key) else { return [] }
        switch NumberPattern.list(text) {
        case .success(let patterns): return patterns
        case .failure(let unreadable):
            let entry = LogField.quoted(unreadable.entry)
            throw reader.fault(key, "has the entry \(entry), which is not like +14155551234, +1900* or anonymous")
        }
    }
}
