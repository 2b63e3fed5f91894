import ArgumentParser
import VoiceServer

/// Who is let in, for how long, and how long it is remembered.
struct LimitOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Most calls of one number in an hour (AGENTOS_CALLS_PER_NUMBER_PER_HOUR, default 0: no limit).", valueName: "calls"))
    var callsPerNumberPerHour: String?

    @Option(help: ArgumentHelp("Most calls in a minute (AGENTOS_CALLS_PER_MINUTE, default 0: no limit).", valueName: "calls"))
    var callsPerMinute: String?

    @Option(help: ArgumentHelp("Most calls at the same time (AGENTOS_CONCURRENT_CALLS, default 0: no limit).", valueName: "calls"))
    var concurrentCalls: String?

    @Option(
        help: ArgumentHelp("Never let in: numbers, +1900* for prefixes, anonymous; with commas (AGENTOS_BLOCKED_NUMBERS).", valueName: "numbers")
    )
    var blockedNumbers: String?

    @Option(help: ArgumentHelp("Where given, nobody else is let in (AGENTOS_ALLOWED_NUMBERS).", valueName: "numbers"))
    var allowedNumbers: String?

    @Option(help: ArgumentHelp("spoken: a refused caller is told so; reject: is not answered (AGENTOS_REFUSAL, default spoken).", valueName: "mode"))
    var refusal: String?

    @Option(help: ArgumentHelp("How long a call may take (AGENTOS_LONGEST_CALL_SECONDS, default 14400).", valueName: "seconds"))
    var longestCallSeconds: String?

    @Option(help: ArgumentHelp("Said then, before the call is hung up (AGENTOS_TIME_LIMIT_GOODBYE).", valueName: "text"))
    var timeLimitGoodbye: String?

    @Option(
        help: ArgumentHelp("Audio sent so late means no new calls; 0: never (AGENTOS_OVERLOAD_LATENESS_MS, default 250).", valueName: "ms")
    )
    var overloadLatenessMs: String?

    @Option(
        help: ArgumentHelp("An utterance waiting so long means no new calls; 0: never (AGENTOS_OVERLOAD_QUEUE_MS, default 3000).", valueName: "ms")
    )
    var overloadQueueMs: String?

    @Option(help: ArgumentHelp("Delete sessions that stopped so long ago (AGENTOS_KEEP_DAYS, default 0: never).", valueName: "days"))
    var keepDays: String?

    /// The flags that were given.
    var given: [SettingKey: String?] {
        [
            .callsPerNumberPerHour: callsPerNumberPerHour, .callsPerMinute: callsPerMinute, .concurrentCalls: concurrentCalls,
            .blockedNumbers: blockedNumbers, .allowedNumbers: allowedNumbers, .refusal: refusal, .longestCallSeconds: longestCallSeconds,
            .timeLimitGoodbye: timeLimitGoodbye, .overloadLatenessMs: overloadLatenessMs, .overloadQueueMs: overloadQueueMs, .keepDays: keepDays,
        ]
    }
}
