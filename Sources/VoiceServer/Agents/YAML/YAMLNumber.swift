/// Numbers as YAML's core schema writes them; Swift's own reading takes `nan` and hexadecimal, too.
enum YAMLNumber {
    /// A finite number with or without a fraction.
    static func real(_ text: String) -> Double? {
        guard text.utf8.allSatisfy({ "+-.eE".utf8.contains($0) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return nil }
        return Double(text).flatMap { $0.isFinite ? $0 : nil }
    }

    /// A number in few digits.
    static func text(_ number: Double) -> String {
        Int(exactly: number).map(String.init) ?? String(number)
    }
}
