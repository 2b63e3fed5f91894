import ArgumentParser
import Engines
import Foundation

/// Loads a model in this process, which may die of it; the server runs this as its child before it loads a model itself.
struct EngineProbe: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "engine-probe", abstract: "Load a model and exit.", shouldDisplay: false)

    @Argument var engine: String
    @Argument var folder: String

    func run() throws {
        FileHandle.standardError.write(Data((try ModelProbe.runProbe(folder: folder, installation: Installation.locate()) + "\n").utf8))
    }
}
