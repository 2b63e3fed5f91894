/// A text with environment variables in it: `${NAME}` is put in, trimmed; `$${` is a plain `${`.
enum EnvironmentText {
    /// Puts the variables in; fails with a message that holds no value.
    static func filled(_ text: String, from environment: [String: String]) -> Result<String, Problem> {
        var filled = ""
        var rest = text[...]
        while let start = rest.firstRange(of: "${") {
            let before = rest[..<start.lowerBound]
            if before.hasSuffix("$") {
                filled += before.dropLast() + "${"
                rest = rest[start.upperBound...]
                continue
            }
            let name = rest[start.upperBound...].prefix { $0 != "}" }
            guard name.endIndex < rest.endIndex, isName(name) else {
                return .failure(Problem("has `${` without a variable's name and `}` behind it"))
            }
            guard let value = environment[String(name)].map(SettingText.trimmed), !value.isEmpty else {
                return .failure(Problem("names the environment variable \(name), which is not set"))
            }
            filled += before + value
            rest = rest[name.endIndex...].dropFirst()
        }
        return .success(filled + rest)
    }

    private static func isName(_ text: Substring) -> Bool {
        let letters = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
            default: byte == UInt8(ascii: "_")
            }
        }
        return letters && !text.isEmpty && text.utf8.count <= 100 && text.first?.isNumber == false
    }

    /// Why a text could not be filled.
    struct Problem: Error, Equatable {
        var message: String

        init(_ message: String) { self.message = message }
    }
}

extension YAMLValue {
    /// A text with its environment variables put in.
    func filledWords() -> String? {
        guard let words = words() else { return nil }
        switch EnvironmentText.filled(words, from: faults.environment) {
        case .success(let text): return text
        case .failure(let problem):
            note(problem.message)
            return nil
        }
    }
}
