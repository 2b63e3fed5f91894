import Testing

@testable import VoiceServer

/// Files that are no configuration at all, or are made to harm whoever reads them.
@Suite struct YAMLFaultTests {
    private func faults(_ bytes: [UInt8]) -> [ConfigurationFault] {
        AgentFile.read(bytes, environment: [:]).faults
    }

    private func told(_ text: String) -> [String] { faults(Array(text.utf8)).map(\.description) }

    @Test func textThatIsNotYAMLIsTold() {
        #expect(told("port: 1\nhost: [a, b\n") == ["2:11: this is not YAML: did not find expected ',' or ']'"])
        #expect(told("port: 1\nhost: a: b\n").first?.hasPrefix("2:8: this is not YAML: mapping values are not allowed") == true)
        #expect(told("port: 1\n\thost: a\n").first?.hasPrefix("2:1: this is not YAML") == true)
        #expect(told("port: *nothing").first?.hasPrefix("1:7: this is not YAML: found undefined alias") == true)
    }

    @Test func aSecondDocumentIsTold() {
        #expect(told("port: 1\n---\nport: 2\n") == ["2:1: this is not YAML: a second document begins here; a configuration file holds one"])
    }

    @Test func aFileThatIsNoMappingIsTold() {
        #expect(told("just words") == ["1:1: the file must hold settings as lines of name: value"])
        #expect(told("- a\n- b") == ["1:1: the file must hold settings as lines of name: value"])
        #expect(told("port: {a: 1}") == ["1:7: port: port must have a single value"])
        #expect(told("? [a, b]\n: 1") == ["1:3: a name must be a single word"])
    }

    @Test func bytesThatAreNoTextAreTold() {
        #expect(faults(Array("port: 1\nhost: ".utf8) + [0xC3, 0x28]).map(\.description) == ["2:7: the file is not UTF-8 text here"])
        #expect(faults([0xFF, 0xFE, 0x70, 0x00]).map(\.description) == ["1:1: the file is not UTF-8 text here"])
        #expect(told("port: 1\nhost: é\u{0}") == ["2:8: there is a control character here, which YAML does not allow"])
        #expect(told("\u{FEFF}port: 1") == [])
    }

    @Test func columnsAreCountedInCharactersAndLinesAsEditorsDo() {
        #expect(told("greeting: é€ü\r\nagents: [{name: é}]\r\n").first?.hasPrefix("2:17: agents[0].name: ") == true)
    }

    @Test func aFileThatIsTooLargeIsNotRead() {
        #expect(told(String(repeating: "#", count: 1_048_577)) == ["1:1: the file is larger than 1 MiB"])
        #expect(told(String(repeating: "#", count: 1_048_576)) == [])
    }

    @Test(arguments: ["[", "{a: ", "- ", "? ", "[a: "])
    func deepNestingIsRefused(opening: String) {
        for depth in [300, 990, 20_000] {
            let faults = faults(Array(String(repeating: opening, count: depth).utf8))
            #expect(!faults.isEmpty && faults.allSatisfy { $0.line >= 1 && $0.column >= 1 })
        }
    }

    @Test func deepNestingThatIsClosedIsNoHarm() {
        let indented = (0..<400).map { String(repeating: " ", count: $0) + "a:\n" }.joined()
        for text in ["a: " + String(repeating: "[", count: 990) + String(repeating: "]", count: 990), indented] {
            #expect(told(text).first?.hasPrefix("1:1: a is no setting") == true)
        }
    }

    @Test func aSchemaThatIsNestedTooDeeplyIsRefused() {
        let deep = String(repeating: "{type: object, properties: {a: ", count: 40) + "1" + String(repeating: "}}", count: 40)
        #expect(told("tools: {t: {description: d, url: 'http://h', parameters: \(deep)}}").contains { $0.hasSuffix("is nested too deeply") })
    }

    @Test func aliasesThatMultiplyAreBounded() {
        var text = "a: &a0 {type: object}\n"
        for level in 1...30 { text += "b\(level): &a\(level) {" + (0..<10).map { "k\($0): *a\(level - 1)" }.joined(separator: ", ") + "}\n" }
        text += "tools: {t: {description: d, url: 'http://h', parameters: *a30}}\n"
        #expect(
            told(text).contains { $0.hasSuffix("the file holds too much, counting what its aliases repeat") || $0.hasSuffix("is nested too deeply") }
        )
        #expect(told((0..<40).map { "a\($0): &a\($0) 1\n" }.joined()) == ["1:1: the file has more than 32 anchors (&name)"])
    }

    @Test(arguments: [("[", "]", 990), ("{a: ", "}", 490), ("[a: ", "]", 490), ("- ", "", 990)])
    func sharedTextThatIsVeryDeepIsReleased(opening: String, closing: String, depth: Int) {
        var text = ""
        for level in 0..<32 {
            let inner = level == 0 ? "x" : "*a\(level - 1)"
            let nested = String(repeating: opening, count: depth) + inner + String(repeating: closing, count: depth)
            text += closing.isEmpty ? "? a\(level)\n: &a\(level)\n  \(nested)\n" : "a\(level): &a\(level) \(nested)\n"
        }
        #expect(!told(text).isEmpty)
    }

    @Test func mergesThatLeadNowhereAreTold() {
        #expect(told("agents: [{name: a, <<: b}]") == ["1:24: agents[0]: `<<` must name a mapping, as in `<<: *name`"])
    }
}
