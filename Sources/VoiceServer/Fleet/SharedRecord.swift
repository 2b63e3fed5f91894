import Conversation
import Foundation
import GRDB

/// A session's record as servers share it: the columns of the database as one JSON object.
enum SharedRecord {
    /// A value of a column; the session table has numbers and texts only.
    private enum Scalar: Codable {
        case number(Int)
        case text(String)
        case null

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if container.decodeNil() {
                self = .null
            } else if let number = try? container.decode(Int.self) {
                self = .number(number)
            } else {
                self = .text(try container.decode(String.self))
            }
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            switch self {
            case .number(let number): try container.encode(number)
            case .text(let text): try container.encode(text)
            case .null: try container.encodeNil()
            }
        }

        var databaseValue: DatabaseValue {
            switch self {
            case .number(let number): number.databaseValue
            case .text(let text): text.databaseValue
            case .null: .null
            }
        }

        init(_ value: DatabaseValue) {
            switch value.storage {
            case .int64(let number): self = .number(Int(number))
            case .string(let text): self = .text(text)
            case .null, .double, .blob: self = .null
            }
        }
    }

    /// The record as JSON.
    static func text(_ record: SessionRecord) throws -> String {
        String(decoding: try JSONEncoder().encode(try record.databaseDictionary.mapValues(Scalar.init)), as: UTF8.self)
    }

    /// Reads what ``text(_:)`` of this or another version wrote: columns it does not know are left out, those that are missing have their defaults.
    static func record(_ text: String) throws -> SessionRecord {
        let given = try JSONDecoder().decode([String: Scalar].self, from: Data(text.utf8)).mapValues(\.databaseValue)
        let blank = try SessionRecord(id: "", callID: "", from: "", to: "", sttProvider: "", createdAt: 0).databaseDictionary
        let row = blank.merging(given.filter { blank.keys.contains($0.key) }) { old, new in
            // A column that is never null, or has another type, would not be read but end the process.
            old.isNull || kind(old) == kind(new) ? new : old
        }
        return try SessionRecord(row: Row(row))
    }

    private static func kind(_ value: DatabaseValue) -> Int {
        switch value.storage {
        case .null: 0
        case .int64: 1
        case .double: 2
        case .string: 3
        case .blob: 4
        }
    }
}

extension StoredEvent {
    private struct Head: Decodable {
        var type: String
        var session: String
        var seq: Int

        enum CodingKeys: String, CodingKey {
            case type, seq
            case session = "session_id"
        }
    }

    /// Reads an event that another server wrote; `position` is its place among the events of all sessions, 0 where that is not known.
    init(sharedJSON json: String, position: Int = 0) throws {
        let head = try JSONDecoder().decode(Head.self, from: Data(json.utf8))
        self.init(position: position, session: head.session, seq: head.seq, type: head.type, json: json)
    }
}
