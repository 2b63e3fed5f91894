import Foundation

/// JSON as the REST API writes it.
enum RESTJSON {
    /// An object on one line, its members in order of their names.
    static func text(_ object: some Encodable) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(object)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }
}
