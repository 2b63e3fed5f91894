/// All that was measured.
struct ResultTable {
    /// The lines, in the order they are shown.
    var rows: [Row] = []

    private static let header = ["what", "unit", "median", "best", "p95", "n"]
    private var lines: [[String]] { [Self.header] + rows.map { [$0.name, $0.unit] + $0.cells } }

    /// For the terminal: columns of one width, numbers to the right.
    var text: String {
        let widths = Self.header.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
        return lines.map { line in
            zip(line, widths).enumerated().map { column, cell in
                let padding = String(repeating: " ", count: cell.1 - cell.0.count)
                return column < 2 ? cell.0 + padding : padding + cell.0
            }
            .joined(separator: "  ")
        }
        .joined(separator: "\n")
    }

    /// For a document.
    var markdown: String {
        var rendered = lines.map { "| \($0.joined(separator: " | ")) |" }
        rendered.insert("| --- | --- | ---: | ---: | ---: | ---: |", at: 1)
        return rendered.joined(separator: "\n")
    }
}
