/// Words of a configuration file, as messages may show them.
enum Word {
    private static let longest = 40

    /// The word where it is one that names things; nil for anything else, which might be a secret that stands in the wrong place.
    static func shown(_ text: String) -> String? {
        let isName = text.unicodeScalars.allSatisfy { ("a"..."z").contains($0) || $0 == "_" || $0 == "-" || $0 == "<" }
        return isName && !text.isEmpty && text.unicodeScalars.count <= longest ? text : nil
    }

    /// The known word that was probably meant.
    static func nearest(to text: String, among known: [String]) -> String? {
        guard text.count <= longest else { return nil }
        let most = max(1, text.count / 3)
        let distances = known.map { ($0, distance(text.lowercased().replacing("-", with: "_"), $0.lowercased())) }
        return distances.filter { $0.1 <= most }.min { ($0.1, $0.0) < ($1.1, $1.0) }?.0
    }

    /// `; did you mean ...?`, or what there is to choose from.
    static func advice(for text: String, among known: [String]) -> String {
        if let near = nearest(to: text, among: known) { return "; did you mean `\(near)`?" }
        return known.isEmpty ? "" : "; known are \(known.joined(separator: ", "))"
    }

    /// How many letters must be changed, put in, left out or swapped with the next to make one word the other (optimal string alignment).
    static func distance(_ one: String, _ other: String) -> Int {
        let one = Array(one)
        let other = Array(other)
        var rows = [Array(0...other.count)]
        for (index, letter) in one.enumerated() {
            var row = [index + 1]
            for column in other.indices {
                let changed = rows[index][column] + (letter == other[column] ? 0 : 1)
                row.append(min(changed, rows[index][column + 1] + 1, row[column] + 1))
                if index > 0, column > 0, letter == other[column - 1], one[index - 1] == other[column] {
                    row[column + 1] = min(row[column + 1], rows[index - 1][column - 1] + 1)
                }
            }
            rows.append(row)
        }
        return rows[one.count][other.count]
    }
}
