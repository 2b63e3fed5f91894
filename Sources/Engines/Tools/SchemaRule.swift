/// A schema read into rules, all of which must hold.
struct SchemaNode: Sendable, Equatable {
    /// The rules, in the order of their keywords' names.
    var rules: [SchemaRule] = []
    /// Null is allowed, whatever the rules say.
    var isNullable = false
    /// Something in it is not checked: that a document keeps the rules does not mean that it fits.
    var isPartial = false
}

/// What one keyword of a schema demands, or a few that belong together.
indirect enum SchemaRule: Sendable, Equatable {
    /// Nothing is allowed: the schema `false`.
    case never
    case types([SchemaType])
    case values([JSONValue])
    case text(TextRule)
    case number(NumberRule)
    case list(ListRule)
    case members([String: SchemaNode], others: SchemaNode?)
    case required([String])
    case all([SchemaNode])
    case any([SchemaNode])
    case one([SchemaNode])
    case not(SchemaNode)
    /// Another part of the schema, by its pointer.
    case reference(String)

    /// What a string must be; other values are not its business.
    enum TextRule: Sendable, Equatable {
        case least(Int)
        case most(Int)
        case pattern(Pattern, source: String)
        case format(SchemaFormat)
    }

    /// What a number must be.
    enum NumberRule: Sendable, Equatable {
        case least(Double)
        case most(Double)
        case above(Double)
        case below(Double)
        case multiple(of: Double)
    }

    /// What an array must be.
    enum ListRule: Sendable, Equatable {
        case items(SchemaNode)
        case least(Int)
        case most(Int)
        case unique
    }
}

/// The types that a schema knows.
enum SchemaType: String, Sendable {
    case string, number, integer, boolean, object, array, null

    /// Whether a value is of this type; a number without a fraction is an integer however it is written.
    func includes(_ value: JSONValue) -> Bool {
        switch (self, value) {
        case (.string, .string), (.number, .number), (.number, .real), (.integer, .number), (.boolean, .bool): true
        case (.object, .object), (.array, .array), (.null, .null): true
        case (.integer, .real(let number)): number == number.rounded()
        default: false
        }
    }

    /// The type with its article.
    var phrase: String {
        switch self {
        case .integer: "a whole number"
        case .boolean: "true or false"
        case .object, .array: "an \(rawValue)"
        case .null: "null"
        case .string, .number: "a \(rawValue)"
        }
    }
}
