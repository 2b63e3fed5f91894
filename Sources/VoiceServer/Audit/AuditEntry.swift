import Engines
import Crypto
import Foundation

/// A record as it is exported: a person's words and numbers opened, where their key exists.
struct AuditEntry: Decodable {
    private var number: Int
    private var time: String
    private var event: String
    private var fields: [String: JSONValue]
    private var sealed: AuditSeal?
    private var hash: String

    /// The session it belongs to.
    var session: String? {
        if case .string(let id) = fields["session_id"] { id } else { nil }
    }

    /// Reads a record's line.
    init(_ line: [UInt8]) throws {
        self = try JSONDecoder().decode(Self.self, from: Data(line))
    }

    /// The record on one line; `secret` finds a key by its id.
    func exported(_ secret: (String) throws -> SymmetricKey?) throws -> String {
        var members: [String: JSONValue] = [
            "number": .number(number), "time": .string(time), "event": .string(event), "fields": .object(fields), "hash": .string(hash),
        ]
        if let sealed {
            if let opened = try secret(sealed.key).flatMap({ sealed.open(with: $0, number: number) }) {
                members["personal"] = opened
            } else {
                members["erased"] = .bool(true)
            }
        }
        return try JSONValue.object(members).text()
    }
}
