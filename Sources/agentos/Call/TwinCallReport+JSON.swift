import TwilioTwin

/// A value of the call's report as JSON.
enum ReportValue: Encodable {
    case number(Int)
    case text(String)
    case turns([TwinTurn])
    case totals(StreamTotals)
    case texts([String])
    case latency(LatencyTable)

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .number(let value): try container.encode(value)
        case .text(let value): try container.encode(value)
        case .turns(let value): try container.encode(value)
        case .totals(let value): try container.encode(value)
        case .texts(let value): try container.encode(value)
        case .latency(let value): try container.encode(value)
        }
    }
}

extension TwinCallReport {
    /// The report as one JSON object.
    var json: [String: ReportValue] {
        [
            "call_sid": .text(callSid), "ending": .text(ending.rawValue), "duration_ms": .number(durationMs), "turns": .turns(turns),
            "totals": .totals(totals), "transfers": .texts(transfers), "keys_sent": .texts(keysSent), "faults": .texts(faults.map { "\($0)" }),
            "failures": .texts(failures.map { "\($0)" }),
        ]
    }
}
