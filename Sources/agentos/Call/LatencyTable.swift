import Foundation

/// Where the time of each turn went, as the server told it.
struct LatencyTable: Encodable {
    /// The times of one turn, or of several put together, in ms.
    struct Row: Codable, Equatable {
        /// From the last speech to the decision that the turn is over.
        var endpoint: Int
        /// From there to the words.
        var stt: Int
        /// From there to the assistant's first token.
        var chatFirstToken: Int
        /// From there to the answer's first audio on its way.
        var ttsFirstAudio: Int
        /// From there to the caller's ear; nil where that is not known.
        var wire: Int?
        /// From the last speech to the first audio at the caller's ear; nil where that is not known.
        var atEar: Int?

        enum CodingKeys: String, CodingKey {
            case endpoint, stt, wire
            case chatFirstToken = "chat_first_token"
            case ttsFirstAudio = "tts_first_audio"
            case atEar = "at_ear"
        }

        /// The columns, in the order in which the time passes.
        static let columns: [(title: String, value: @Sendable (Row) -> Int?)] = [
            ("end of turn", { $0.endpoint }), ("recognition", { $0.stt }), ("first token", { $0.chatFirstToken }),
            ("first audio", { $0.ttsFirstAudio }), ("wire", { $0.wire }), ("at the ear", { $0.atEar }),
        ]
    }

    /// An event of the kind that fills the table.
    private struct Metrics: Decodable {
        var type: String
        var turn: Int
    }

    /// From so many turns on there are a median and a 95th percentile.
    static let fewest = 3

    private(set) var rows: [Int: Row] = [:]

    /// Takes an event of the server; those of another kind change nothing.
    mutating func take(_ json: String) {
        let data = Data(json.utf8)
        guard let metrics = try? JSONDecoder().decode(Metrics.self, from: data), metrics.type == "voice.turn.metrics",
            let row = try? JSONDecoder().decode(Row.self, from: data)
        else { return }
        rows[metrics.turn] = row
    }

    /// The table in aligned text, a line each; none where there are no turns.
    var lines: [String] {
        guard !rows.isEmpty else { return [] }
        var table = [("turn", Row.columns.map(\.title))]
        table += rows.sorted { $0.key < $1.key }.map { ("\($0.key)", Self.cells(of: $0.value)) }
        if let median, let p95 { table += [("median", Self.cells(of: median)), ("p95", Self.cells(of: p95))] }
        return table.map { name, cells in
            let columns = zip(cells, Row.columns).map { Self.padded($0, to: max(6, $1.title.count)) }
            return ([Self.padded(name, to: 6)] + columns).joined(separator: "  ")
        }
    }

    /// The median of each column; nil for fewer than ``fewest`` turns.
    var median: Row? { summary { ($0[($0.count - 1) / 2] + $0[$0.count / 2]) / 2 } }

    /// The 95th percentile of each column, by the nearest rank; nil for fewer than ``fewest`` turns.
    var p95: Row? { summary { $0[($0.count * 95 + 99) / 100 - 1] } }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Keys.self)
        try container.encode(rows.sorted { $0.key < $1.key }.map { Turn(turn: $0.key, row: $0.value) }, forKey: .turns)
        try container.encodeIfPresent(median, forKey: .median)
        try container.encodeIfPresent(p95, forKey: .p95)
    }

    private enum Keys: String, CodingKey { case turns, median, p95 }

    /// A turn's number beside its times.
    private struct Turn: Encodable {
        var turn: Int
        var row: Row

        func encode(to encoder: any Encoder) throws {
            try ["turn": turn].encode(to: encoder)
            try row.encode(to: encoder)
        }
    }

    /// Puts each column's sorted values together by a rule of at least one value.
    private func summary(_ rule: ([Int]) -> Int) -> Row? {
        guard rows.count >= Self.fewest else { return nil }
        let values = Row.columns.map { column in rows.values.compactMap(column.value).sorted() }.map { $0.isEmpty ? nil : rule($0) }
        guard let endpoint = values[0], let stt = values[1], let token = values[2], let audio = values[3] else { return nil }
        return Row(endpoint: endpoint, stt: stt, chatFirstToken: token, ttsFirstAudio: audio, wire: values[4], atEar: values[5])
    }

    private static func cells(of row: Row) -> [String] { Row.columns.map { $0.value(row).map(String.init) ?? "-" } }

    private static func padded(_ text: String, to width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }
}
