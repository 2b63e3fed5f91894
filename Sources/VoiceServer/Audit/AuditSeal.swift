import Engines
import Crypto
import Foundation

/// What of a record belongs to a person, readable only with the key that is that person's.
struct AuditSeal: Sendable, Equatable, Codable {
    /// The key's id; it says nothing of the person.
    var key: String
    /// AES-GCM: nonce, ciphertext and tag, in base64.
    var data: String

    /// The seal as it stands in a record.
    var json: JSONValue { .object(["key": .string(key), "data": .string(data)]) }

    /// Seals fields for the record of this number; another record cannot take them over.
    init(_ fields: [String: JSONValue], with key: AuditKey, number: Int) throws {
        let text = Data(try JSONValue.object(fields).text().utf8)
        let box = try AES.GCM.seal(text, using: key.secret, authenticating: Self.place(number))
        self.key = key.id
        // Nil only for nonces of another size than the one that is made here.
        data = box.combined?.base64EncodedString() ?? ""
    }

    /// The fields; nil when the key or the number is another's.
    func open(with secret: SymmetricKey, number: Int) -> JSONValue? {
        guard let combined = Data(base64Encoded: data), let box = try? AES.GCM.SealedBox(combined: combined),
            let text = try? AES.GCM.open(box, using: secret, authenticating: Self.place(number))
        else { return nil }
        return try? JSONDecoder().decode(JSONValue.self, from: text)
    }

    private static func place(_ number: Int) -> Data { Data("record \(number)".utf8) }
}

/// A person's key.
struct AuditKey: Sendable {
    /// Drawn at random.
    var id: String
    /// AES, 256 bits.
    var secret: SymmetricKey

    /// The secret as it is stored.
    var stored: Data { secret.withUnsafeBytes { Data($0) } }
}
