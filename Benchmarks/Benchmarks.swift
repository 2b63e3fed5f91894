import ArgumentParser
import Foundation

/// Measures the product's parts and the server as a whole, and prints one table.
///
/// It never fails because something was slow: it measures, people judge (`docs/benchmarks.md`).
@main
struct Benchmarks: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "benchmarks",
        abstract: "Measure the product's parts and the server as a whole.",
        discussion: "Suites: \(Suite.all.map(\.name).joined(separator: ", ")). The server's need `make build` first."
    )

    @Option(help: ArgumentHelp("Run only the suites with this in their names; may be repeated.", valueName: "name"))
    var filter: [String] = []

    @Flag(help: "Fewer batches, calls and turns: a look, not a measurement.")
    var quick = false

    @Flag(help: "Print the table as Markdown.")
    var markdown = false

    func run() async throws {
        let plan = Plan(isQuick: quick)
        let before = Machine.load
        var table = ResultTable()
        for suite in Suite.all where filter.isEmpty || filter.contains(where: suite.name.contains) {
            Progress.note("\(suite.name): \(suite.summary)")
            table.rows += try await suite.run(plan)
        }
        Progress.note("done")
        print(markdown ? table.markdown : table.text)
        print("\n\(Machine.description); load average \(before) before, \(Machine.load) after")
    }

    func validate() throws {
        let names = Suite.all.map(\.name)
        if let stray = filter.first(where: { part in !names.contains { $0.contains(part) } }) {
            throw ValidationError("no suite has '\(stray)' in its name; there are \(names.joined(separator: ", "))")
        }
    }
}
