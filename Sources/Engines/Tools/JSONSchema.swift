/// What a JSON document must look like: the common part of JSON Schema.
///
/// Known are `type`, `enum`, `const`, `nullable`; `minLength`, `maxLength`, `pattern`, `format`; `minimum`, `maximum`, `exclusiveMinimum`,
/// `exclusiveMaximum`, `multipleOf`; `properties`, `required`, `additionalProperties`; `items`, `minItems`, `maxItems`, `uniqueItems`; `allOf`,
/// `anyOf`, `oneOf`, `not`; `$ref` to a part of the same schema. Any other keyword, format or reference is in ``notes`` and is not checked.
package struct JSONSchema: Sendable, Equatable {
    /// The rules for the document.
    let root: SchemaNode
    /// The rules that references name, by pointer.
    let definitions: [String: SchemaNode]
    /// What of the schema is not checked.
    package let notes: [JSONSchemaNote]

    /// Reads a schema.
    package init(_ document: JSONValue) throws(JSONSchemaError) {
        var reader = SchemaReader()
        root = try reader.node(document, at: "")
        definitions = try reader.definitions(of: document, root: root)
        notes = reader.notes.sorted { $0.path < $1.path }
    }

    /// What in a document breaks the schema, at most ten findings; none where it fits.
    package func check(_ value: JSONValue) -> [JSONSchemaViolation] {
        var check = SchemaCheck(definitions: definitions)
        return Array(check.violations(of: value, against: root, at: "").prefix(10))
    }
}
