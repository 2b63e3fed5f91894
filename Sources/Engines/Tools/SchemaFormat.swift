import Foundation

/// The formats of strings that are checked, leniently: models write times in more than one good way.
enum SchemaFormat: String, Sendable {
    case date
    case dateTime = "date-time"
    case email
    case time
    case uuid

    /// Formats that say something to the model, but are not checked here.
    static let unchecked: Set<String> = [
        "uri", "uri-reference", "hostname", "ipv4", "ipv6", "int32", "int64", "float", "double", "byte", "binary", "password", "duration", "regex",
    ]

    /// What the string must be, with an example.
    var phrase: String {
        switch self {
        case .date: "a date such as 2026-03-21"
        case .dateTime: "a date and time such as 2026-03-21T19:30:00Z"
        case .email: "an e-mail address"
        case .time: "a time such as 19:30"
        case .uuid: "a UUID"
        }
    }

    /// Whether a string has this format.
    func includes(_ text: String) -> Bool {
        switch self {
        case .date: Self.isDate(text)
        case .dateTime: Self.isDateTime(text)
        case .email: Self.isAddress(text)
        case .time: Self.isTime(text)
        case .uuid: UUID(uuidString: text) != nil
        }
    }

    private static func isDate(_ text: some StringProtocol) -> Bool {
        guard let found = String(text).wholeMatch(of: /([0-9]{4})-([0-9]{2})-([0-9]{2})/), let year = Int(found.1), let month = Int(found.2),
            let day = Int(found.3)
        else { return false }
        return (1...12).contains(month) && (1...days(of: month, in: year)).contains(day)
    }

    private static func days(of month: Int, in year: Int) -> Int {
        switch month {
        case 2: year.isMultiple(of: 400) || (year.isMultiple(of: 4) && !year.isMultiple(of: 100)) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    private static func isTime(_ text: some StringProtocol) -> Bool {
        String(text).wholeMatch(of: /([01][0-9]|2[0-3]):[0-5][0-9](:([0-5][0-9]|60)(\.[0-9]+)?)?([Zz]|[+-]([01][0-9]|2[0-3]):[0-5][0-9])?/) != nil
    }

    private static func isDateTime(_ text: String) -> Bool {
        let parts = text.split(maxSplits: 1, omittingEmptySubsequences: false) { $0 == "T" || $0 == "t" || $0 == " " }
        return parts.count == 2 && isDate(parts[0]) && isTime(parts[1])
    }

    private static func isAddress(_ text: String) -> Bool {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        return parts.count == 2 && parts.allSatisfy { !$0.isEmpty } && !text.contains(where: \.isWhitespace)
    }
}
