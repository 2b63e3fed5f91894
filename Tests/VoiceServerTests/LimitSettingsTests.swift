import Conversation
import Testing

@testable import VoiceServer

/// The settings of the door and of retention.
@Suite struct LimitSettingsTests {
    private func message(_ key: SettingKey, _ value: String) -> String {
        do {
            _ = try ServerConfiguration(flags: [key: value], environment: [:], file: nil)
            return ""
        } catch {
            return error.message
        }
    }

    @Test func defaultsLetEverybodyInAndKeepEverything() throws {
        let configuration = try ServerConfiguration(flags: [:], environment: [:], file: nil)
        #expect(configuration.admission == AdmissionPolicy())
        #expect(configuration.refusal == .spoken && configuration.keepDays == 0 && configuration.longestCallSeconds == 14_400)
        #expect(configuration.streamedCall(by: .usual).longestCallMs == 14_400_000)
    }

    @Test func limitsAreRead() throws {
        let flags: [SettingKey: String] = [
            .callsPerNumberPerHour: "3", .callsPerMinute: "60", .concurrentCalls: "20", .blockedNumbers: "+1900*, anonymous",
            .allowedNumbers: "+1*", .refusal: "reject", .longestCallSeconds: "600", .timeLimitGoodbye: "Bye.", .overloadLatenessMs: "50",
            .overloadQueueMs: "0", .keepDays: "30",
        ]
        let configuration = try ServerConfiguration(flags: flags, environment: [:], file: nil)
        let policy = configuration.admission
        #expect(policy.callsPerNumberPerHour == 3 && policy.callsPerMinute == 60 && policy.concurrentCalls == 20)
        #expect(policy.blocked.count == 2 && policy.allowed.count == 1)
        #expect(configuration.refusal == .reject && configuration.keepDays == 30)
        #expect(configuration.streamedCall(by: .usual).longestCallMs == 600_000 && configuration.streamedCall(by: .usual).timeLimitGoodbye == "Bye.")
        #expect(configuration.overload == Overload.Limits(latenessMs: 50, queueWaitMs: 0))
    }

    @Test(arguments: [
        (SettingKey.blockedNumbers, "+1900*,0800", "--blocked-numbers has the entry '0800', which is not like +14155551234"),
        (.allowedNumbers, "me", "--allowed-numbers has the entry 'me'"),
        (.callsPerMinute, "-1", "--calls-per-minute is not a number from 0 to 1000000: '-1'"),
        (.refusal, "shout", "--refusal is not one of spoken, reject: 'shout'"),
        (.longestCallSeconds, "0", "--longest-call-seconds is not a number from 1 to 86400: '0'"),
        (.keepDays, "a year", "--keep-days is not a number from 0 to 36500: 'a year'"),
    ])
    func aWrongLimitIsNamed(key: SettingKey, value: String, expected: String) {
        #expect(message(key, value).hasPrefix(expected))
    }
}
