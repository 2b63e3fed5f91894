import Engines
import TestSupport
import Testing

/// What schemas allow and refuse, and which schemas are none.
@Suite struct ToolsSchemaTests {
    /// A schema, documents that fit it and one that does not, with what is said of it.
    struct Case: Sendable, CustomTestStringConvertible {
        var schema: String
        var fitting: [String]
        var wrong: String
        var words: String

        init(_ schema: String, fits fitting: String..., not wrong: String, _ words: String) {
            self.schema = schema
            self.fitting = fitting
            self.wrong = wrong
            self.words = words
        }

        var testDescription: String { schema }
    }

    static let cases = [
        Case(#"{"type":"string"}"#, fits: #""x""#, not: "1", "the arguments must be a string"),
        Case(#"{"type":["integer","null"]}"#, fits: "1", "1.0", "null", not: "1.5", "the arguments must be a whole number or null"),
        Case(#"{"type":"number"}"#, fits: "1", "1.5", not: "true", "the arguments must be a number"),
        Case(#"{"type":"string","nullable":true}"#, fits: "null", not: "[]", "the arguments must be a string"),
        Case(#"{"enum":["red",2]}"#, fits: #""red""#, "2.0", not: #""blue""#, #"the arguments must be one of "red", 2"#),
        Case(#"{"const":"x"}"#, fits: #""x""#, not: "1", #"the arguments must be "x""#),
        Case(#"{"minLength":2,"maxLength":3}"#, fits: #""éé""#, "5", not: #""a""#, "the arguments must have at least 2 characters"),
        Case(#"{"maxLength":3}"#, fits: #""😀😀😀""#, not: #""abcd""#, "the arguments must have at most 3 characters"),
        Case(#"{"minLength":1}"#, fits: #""a""#, not: #""""#, "the arguments must not be empty"),
        Case(#"{"minimum":1,"maximum":3}"#, fits: "1", "3", not: "4", "the arguments must be at most 3"),
        Case(#"{"exclusiveMinimum":0}"#, fits: "0.1", not: "0", "the arguments must be above 0"),
        Case(#"{"exclusiveMaximum":1.5}"#, fits: "1.4", not: "1.5", "the arguments must be below 1.5"),
        Case(#"{"multipleOf":0.1}"#, fits: "0.3", "12", not: "0.25", "the arguments must be a multiple of 0.1"),
        Case(#"{"items":{"type":"string"}}"#, fits: "[]", #"["a"]"#, not: #"["a",1]"#, "[1]: must be a string"),
        Case(#"{"minItems":1,"maxItems":2}"#, fits: "[1]", not: "[]", "the arguments must not be empty"),
        Case(#"{"uniqueItems":true}"#, fits: "[1,2]", not: "[1,1]", "the arguments must not have an element twice"),
        Case(#"{"not":{"type":"null"}}"#, fits: "1", not: "null", "the arguments must be something else"),
        Case(#"{"allOf":[{"minimum":1},{"maximum":2}]}"#, fits: "1", not: "3", "the arguments must be at most 2"),
        Case(#"{"anyOf":[{"type":"string"},{"minimum":5}]}"#, fits: #""x""#, "6", not: "4", "the arguments must be a string"),
        Case(#"{"oneOf":[{"minimum":1},{"maximum":3}]}"#, fits: "0", "4", not: "2", "the arguments must fit only one of the forms it may have"),
        Case("false", not: "1", "the arguments must be left out"),
        Case(#"{"pattern":"^[0-2]\\d:[0-5]\\d$"}"#, fits: #""19:30""#, not: #""half past""#, #"the arguments must match ^[0-2]\d:[0-5]\d$"#),
        Case(#"{"format":"date"}"#, fits: #""2028-02-29""#, not: #""2026-02-29""#, "the arguments must be a date such as 2026-03-21"),
        Case(
            #"{"format":"time"}"#,
            fits: #""19:30""#,
            #""19:30:00Z""#,
            #""19:30:00.5+02:00""#,
            not: #""25:00""#,
            "the arguments must be a time such as 19:30"
        ),
        Case(
            #"{"format":"date-time"}"#,
            fits: #""2026-03-21T19:30:00Z""#,
            #""2026-03-21 19:30""#,
            not: #""2026-03-21""#,
            "the arguments must be a date and time such as 2026-03-21T19:30:00Z"
        ),
        Case(#"{"format":"email"}"#, fits: #""ann@example.com""#, not: #""ann at example.com""#, "the arguments must be an e-mail address"),
        Case(#"{"format":"uuid"}"#, fits: #""0E9C5A1C-7F0B-4B61-9D39-35C7A9D7B0A1""#, not: #""7""#, "the arguments must be a UUID"),
        Case(
            #"{"type":"object","properties":{"party":{"properties":{"size":{"type":"integer"}},"required":["size"]}},"additionalProperties":false}"#,
            fits: "{}",
            #"{"party":{"size":2,"x":1}}"#,
            not: #"{"party":{"size":"two"}}"#,
            "party.size: must be a whole number"
        ),
        Case(#"{"required":["time"]}"#, fits: #"{"time":1}"#, "[]", not: "{}", "time: is missing"),
        Case(#"{"properties":{"a":{}},"additionalProperties":false}"#, fits: #"{"a":1}"#, not: #"{"b":1}"#, "b: is not known"),
        Case(#"{"additionalProperties":{"type":"string"}}"#, fits: #"{"b":"x"}"#, not: #"{"b":1}"#, "b: must be a string"),
        Case(
            ##"{"$defs":{"node":{"properties":{"next":{"$ref":"#/$defs/node"},"v":{"type":"string"}}}},"$ref":"#/$defs/node"}"##,
            fits: #"{"next":{"next":{"v":"x"}}}"#,
            not: #"{"next":{"next":{"v":1}}}"#,
            "next.next.v: must be a string"
        ),
        Case(##"{"properties":{"n":{"$ref":"#"}},"type":"object"}"##, fits: #"{"n":{}}"#, not: #"{"n":1}"#, "n: must be an object"),
        Case(
            #"{"description":"d","title":"t","default":1,"examples":[1],"format":"uri","type":"string"}"#,
            fits: #""x""#,
            not: "1",
            "the arguments must be a string"
        ),
    ]

    @Test(arguments: cases)
    func documentsFitOrDoNot(_ example: Case) throws {
        let schema = try JSONSchema(JSONValue(parsing: example.schema))
        for text in example.fitting { #expect(schema.check(try JSONValue(parsing: text)) == [], "\(text)") }
        #expect(schema.check(try JSONValue(parsing: example.wrong)).map(\.description) == [example.words])
    }

    /// A schema that is none, and what is said of it.
    static let wrong = [
        (#"{"properties":{"time":{"pattern":"("}}}"#, "/properties/time/pattern: is not a regular expression: a group has no end"),
        (#"{"properties":{"a/b":{"minItems":-1}}}"#, "/properties/a~1b/minItems: must be a whole number from 0"),
        (#"{"type":"text"}"#, "/type: names the type text, which there is not"),
        (#"{"type":[]}"#, "/type: must name a type"),
        (#"{"minLength":"2"}"#, "/minLength: must be a whole number from 0"),
        (#"{"minimum":"2"}"#, "/minimum: must be a number"),
        (#"{"exclusiveMinimum":true}"#, "/exclusiveMinimum: must be a number"),
        (#"{"multipleOf":0}"#, "/multipleOf: must be above 0"),
        (#"{"required":"time"}"#, "/required: must be an array of names"),
        (#"{"enum":[]}"#, "/enum: must be an array with at least one element"),
        (#"{"format":7}"#, "/format: must be a string"),
        (#"{"anyOf":[{"type":"string"},3]}"#, "/anyOf/1: must be an object or a boolean"),
        (#"{"properties":[]}"#, "/properties: must be an object"),
        (##"{"$ref":"#/$defs/x"}"##, "/$ref: refers to #/$defs/x, which is not there"),
        (#"{"$ref":1}"#, "/$ref: must be a string"),
        (#"{"items":{"$defs":{"a":{"type":"text"}}}}"#, "/items/$defs/a/type: names the type text, which there is not"),
        (##"{"properties":{"a":{"$ref":"#/properties/b"}}}"##, "/properties/a/$ref: refers to #/properties/b, which is not there"),
        ("3", "must be an object or a boolean"),
    ]

    @Test(arguments: wrong)
    func whatIsNoSchemaIsPointedAt(_ schema: String, _ words: String) throws {
        let document = try JSONValue(parsing: schema)
        let error = #expect(throws: JSONSchemaError.self) { try JSONSchema(document) }
        #expect(error?.description == words)
    }

    /// Schemas of which a part is not checked, where that part is, and documents that fit all the same.
    static let partlyChecked = [
        (#"{"type":"string","format":"phone"}"#, "/format", [#""+1 415""#]),
        (#"{"properties":{"day":{"format":"date-only","type":"string"}}}"#, "/properties/day/format", [#"{"day":"21.3."}"#]),
        (#"{"x-order":1,"type":"integer"}"#, "/x-order", ["1"]),
        (#"{"contentEncoding":"base64"}"#, "/contentEncoding", [#""?""#]),
        (#"{"$anchor":"a"}"#, "/$anchor", ["1"]),
        (#"{"dependentRequired":{"a":["b"]}}"#, "/dependentRequired", [#"{"a":1}"#]),
        (#"{"dependencies":{"a":["b"]},"id":"x"}"#, "/dependencies /id", [#"{"a":1}"#]),
        (#"{"if":{"required":["a"]},"then":{"required":["b"]},"else":false}"#, "/else /if /then", ["{}", #"{"a":1}"#]),
        (#"{"patternProperties":{"^x":{"type":"string"}},"additionalProperties":false}"#, "/patternProperties", [#"{"x1":"a"}"#]),
        (#"{"items":[{"type":"string"},{"type":"integer"}],"additionalItems":false}"#, "/additionalItems /items", [#"["a",1]"#]),
        (#"{"prefixItems":[{"type":"string"}],"items":false}"#, "/items /prefixItems", [#"["a"]"#]),
        (#"{"pattern":"^(?=.*[0-9]).+$","minLength":1}"#, "/pattern", [#""a1""#, #""a""#]),
        (#"{"pattern":"(a)\\1"}"#, "/pattern", [#""b""#]),
        (#"{"$ref":"http://example.com/slot.json"}"#, "/$ref", ["1", "{}"]),
        (##"{"$ref":"#slot"}"##, "/$ref", ["1"]),
        (##"{"items":{"$ref":"#/components/schemas/Slot"}}"##, "/items/$ref", ["[1]"]),
        (#"{"not":{"format":"phone"}}"#, "/not/format", [#""x""#]),
        (#"{"oneOf":[{"type":"string","format":"phone"},{"type":"string","format":"email"}]}"#, "/oneOf/0/format", [#""a@b""#]),
        (##"{"oneOf":[{"$ref":"slot.json"},{"type":"string"}]}"##, "/oneOf/0/$ref", [#""x""#, "1"]),
    ]

    @Test(arguments: partlyChecked)
    func whatIsNotKnownIsNotedAndNotChecked(_ schema: String, _ places: String, _ documents: [String]) throws {
        let schema = try JSONSchema(JSONValue(parsing: schema))
        #expect(schema.notes.map(\.path).joined(separator: " ") == places)
        for document in documents { #expect(schema.check(try JSONValue(parsing: document)) == [], "\(document)") }
    }

    @Test func theRulesBesideAnUnknownOneStillHold() throws {
        let schema = try JSONSchema(JSONValue(parsing: #"{"type":"string","format":"phone","maxLength":3,"x-y":{}}"#))
        #expect(schema.check(.number(1)).map(\.message) == ["must be a string"])
        #expect(schema.check(.string("abcd")).map(\.message) == ["must have at most 3 characters"])
        #expect(try JSONSchema(JSONValue(parsing: #"{"format":"uri","description":"d"}"#)).notes == [])
    }

    @Test func referencesLeadToAnyPartOfTheSchema() throws {
        let text = ##"""
            {"properties":{"from":{"type":"object","properties":{"day":{"type":"string","format":"date"}},"$defs":{"n":{"type":"integer"}}},
             "to":{"$ref":"#/properties/from"},"count":{"$ref":"#/properties/from/$defs/n"},"odd":{"$ref":"#/$defs/a~1b%20c"}},
             "$defs":{"a/b c":{"type":"boolean"}}}
            """##
        let schema = try JSONSchema(JSONValue(parsing: text))
        #expect(schema.notes == [])
        #expect(schema.check(try JSONValue(parsing: #"{"to":{"day":"2026-02-01"},"count":1,"odd":true}"#)) == [])
        let wrong = schema.check(try JSONValue(parsing: #"{"to":{"day":"soon"},"count":"a","odd":1}"#))
        #expect(wrong.map(\.path) == ["count", "odd", "to.day"])
    }

    /// Tools' schemas as operators write them, and as models get them.
    static let completed = [
        ("null", #"{"properties":{},"type":"object"}"#),
        ("{}", #"{"properties":{},"type":"object"}"#),
        (#"{"type":"object"}"#, #"{"properties":{},"type":"object"}"#),
        (#"{"description":"none"}"#, #"{"description":"none","properties":{},"type":"object"}"#),
        (#"{"properties":{"a":{"type":"object"}}}"#, #"{"properties":{"a":{"properties":{},"type":"object"}},"type":"object"}"#),
        (
            #"{"type":"object","properties":{"a":{"type":["object","null"]},"b":{"properties":{"c":{}}}}}"#,
            #"{"properties":{"a":{"properties":{},"type":["object","null"]},"b":{"properties":{"c":{}},"type":"object"}},"type":"object"}"#
        ),
        (
            #"{"properties":{"a":{"type":"array","items":{"type":"object","additionalProperties":{"type":"object"}}}}}"#,
            #"{"properties":{"a":{"items":{"additionalProperties":{"properties":{},"type":"object"},"properties":{},"type":"object"},"type":"array"}},"type":"object"}"#
        ),
        (
            #"{"anyOf":[{"type":"object"},{"required":["a"]}],"$defs":{"d":{"type":"object"}}}"#,
            #"{"$defs":{"d":{"properties":{},"type":"object"}},"anyOf":[{"properties":{},"type":"object"},{"required":["a"]}],"properties":{},"type":"object"}"#
        ),
        (
            #"{"properties":{"type":{"enum":[{"type":"object"}],"default":{"type":"object"},"x-y":{"type":"object"}}}}"#,
            #"{"properties":{"type":{"default":{"type":"object"},"enum":[{"type":"object"}],"x-y":{"type":"object"}}},"type":"object"}"#
        ),
        (
            #"{"properties":{"a":{"format":"phone","oneOf":[{"allOf":[{"type":"object"}]}],"prefixItems":[{"type":"object"}]}}}"#,
            #"{"properties":{"a":{"format":"phone","oneOf":[{"allOf":[{"properties":{},"type":"object"}]}],"prefixItems":[{"properties":{},"type":"object"}]}},"type":"object"}"#
        ),
    ]

    @Test(arguments: completed)
    func modelsGetPropertiesForEveryObject(_ given: String, _ sent: String) throws {
        let tool = try ToolDeclaration(name: "t", description: "", parameters: JSONValue(parsing: given))
        #expect(try tool.parameters.text() == sent)
    }

    @Test func completingASchemaDoesNotChangeWhatFits() throws {
        let parameters = try JSONValue(parsing: #"{"properties":{"a":{"properties":{"b":{"type":"string"}}}}}"#)
        let tool = try ToolDeclaration(name: "t", description: "", parameters: parameters)
        #expect(tool.schema.check(try JSONValue(parsing: #"{"a":"not an object"}"#)) == [])
        #expect(tool.schema.check(try JSONValue(parsing: #"{"a":{"b":1}}"#)).map(\.path) == ["a.b"])
    }

    @Test func aPatternOnALongTextTakesABoundedNumberOfSteps() throws {
        let schema = try JSONSchema(JSONValue(parsing: #"{"items":{"pattern":"^((a{1,30}){1,30}b?)+$"}}"#))
        #expect(schema.check(.string("a")) == [])
        let long = JSONValue.string(String(repeating: "a", count: 4_096))
        #expect(schema.check(.array([JSONValue](repeating: long, count: 200))).last?.message == "is too long to be checked")
    }

    @Test func aSchemaThatGoesInCirclesComesToAnEnd() throws {
        let circle = try JSONSchema(
            JSONValue(parsing: ##"{"$defs":{"a":{"anyOf":[{"$ref":"#/$defs/a"},{"$ref":"#/$defs/a"}]}},"$ref":"#/$defs/a"}"##)
        )
        #expect(circle.check(.null).first?.message == "is nested too deeply to be checked")
    }

    @Test func theListOfFindingsIsBounded() throws {
        let schema = try JSONSchema(JSONValue(parsing: #"{"items":{"type":"string"}}"#))
        #expect(schema.check(.array((0..<100).map { .number($0) })).count == 10)
    }

    @Test(arguments: 0..<200)
    func nothingThatIsCheckedIsTooMuch(_ seed: Int) throws {
        var random = SeededRandom(seed: seed)
        guard let schema = try? JSONSchema(Self.schema(&random, depth: 3)) else { return }
        for _ in 0..<5 { #expect(schema.check(Self.value(&random, depth: 3)).count <= 10) }
    }

    private static let keywords = [
        "type", "items", "properties", "required", "anyOf", "oneOf", "not", "minimum", "maxLength", "uniqueItems", "enum", "$ref",
    ]

    private static func schema(_ random: inout SeededRandom, depth: Int) -> JSONValue {
        var members: [String: JSONValue] = [:]
        for _ in 0..<Int.random(in: 0...3, using: &random) {
            guard let keyword = keywords.randomElement(using: &random) else { continue }
            members[keyword] = argument(of: keyword, &random, depth: depth)
        }
        return .object(members)
    }

    private static func argument(of keyword: String, _ random: inout SeededRandom, depth: Int) -> JSONValue? {
        switch keyword {
        case "type": return .string(["string", "integer", "object", "array"].randomElement(using: &random) ?? "null")
        case "required": return .array([.string("a")])
        case "minimum", "maxLength": return .number(Int.random(in: 0...3, using: &random))
        case "uniqueItems": return .bool(true)
        case "enum": return .array([value(&random, depth: 1)])
        case "$ref": return .string("#")
        default:
            guard depth > 0 else { return nil }
            let part = schema(&random, depth: depth - 1)
            if keyword == "properties" { return .object(["a": part, "b": part]) }
            return keyword.hasSuffix("Of") ? .array([part, schema(&random, depth: depth - 1)]) : part
        }
    }

    private static func value(_ random: inout SeededRandom, depth: Int) -> JSONValue {
        switch Int.random(in: 0..<(depth > 0 ? 7 : 5), using: &random) {
        case 0: .null
        case 1: .bool(Bool.random(using: &random))
        case 2: .number(Int.random(in: -1...4, using: &random))
        case 3: .real(0.5)
        case 4: .string(String(repeating: "x", count: Int.random(in: 0...4, using: &random)))
        case 5: .array((0..<3).map { _ in value(&random, depth: depth - 1) })
        default: .object(["a": value(&random, depth: depth - 1), "c": value(&random, depth: depth - 1)])
        }
    }
}
