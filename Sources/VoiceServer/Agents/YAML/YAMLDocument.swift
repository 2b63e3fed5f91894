import Yams

/// The one document of a configuration file.
enum YAMLDocument {
    /// Composes it, noting what is wrong; nil where there is none.
    ///
    /// The parser stops at a key that is given twice. It is noted and made another, so that what else is wrong is told, too.
    static func compose(_ text: YAMLText, _ faults: YAMLFaults) -> Node? {
        var text = text
        var masks: UInt32 = 0
        while true {
            do {
                // Without rules of its own, which are slow and take `no` for false: YAMLValue knows what it looks for.
                return try Parser(yaml: text.text, resolver: .basic).singleRoot()
            } catch YamlError.duplicatedKeysInMapping(let names, let context) {
                let name = names.first ?? ""
                let shown = Word.shown(name).map { "the key `\($0)`" } ?? "a key"
                faults.add("\(shown) is given again further down; keep one of them", at: text.place(context.mark), path: "")
                guard masks < YAMLText.mostMasks, let masked = text.masking(name, at: context.mark, number: masks) else { return nil }
                text = masked
                masks += 1
            } catch {
                let (problem, mark) = parts(error)
                faults.add("this is not YAML: \(problem)", at: text.place(mark), path: "")
                return nil
            }
        }
    }

    /// What the parser says and where: its description would show the line, which may hold a secret.
    private static func parts(_ error: any Error) -> (problem: String, mark: Mark?) {
        switch error {
        case YamlError.scanner(_, let problem, let mark, _), YamlError.parser(_, let problem, let mark, _): (problem, mark)
        case YamlError.composer(_, let problem, let mark, _) where problem.contains("another document"):
            ("a second document begins here; a configuration file holds one", mark)
        case YamlError.composer(_, let problem, let mark, _): (problem, mark)
        default: ("it holds what the parser cannot read", nil)
        }
    }
}
