package import Conversation
import Foundation

/// Where the product's own files lie: the engines' libraries and models.
///
/// The root is the first folder holding `.deps` or `Models` among `AGENTOS_HOME`, the folders above the executable and those above the current one.
package struct Installation: Sendable, Equatable {
    /// The folder that holds `.deps` and `Models`.
    package var root: String
    /// Where models that were pulled are kept: `AGENTOS_MODELS_DIR`, else `~/.cache/agentos/models`.
    package var pulledModelsFolder: String

    /// Makes an installation at given places.
    package init(root: String, pulledModelsFolder: String) {
        self.root = root
        self.pulledModelsFolder = pulledModelsFolder
    }

    /// Finds the installation that this process belongs to.
    ///
    /// - Throws: ``EngineError`` with `missing` where no folder looked at holds one.
    package static func locate(
        environment: [String: String] = ProcessInfo.processInfo.environment,
        executable: String = Installation.runningExecutable,
        currentFolder: String = FileManager.default.currentDirectoryPath
    ) throws(EngineError) -> Installation {
        let above = ancestors(of: URL(fileURLWithPath: executable).deletingLastPathComponent().path) + ancestors(of: currentFolder)
        guard let root = ([environment["AGENTOS_HOME"]].compactMap(\.self) + above).first(where: holdsFiles) else {
            throw EngineError(.missing, "the engines' files were not found: run make setup, or set AGENTOS_HOME to the folder that holds .deps")
        }
        let home = environment["HOME"] ?? NSHomeDirectory()
        return Installation(root: root, pulledModelsFolder: environment["AGENTOS_MODELS_DIR"] ?? "\(home)/.cache/agentos/models")
    }

    /// The path of the program that runs in this process, links resolved.
    package static var runningExecutable: String {
        let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments.first ?? ""
        return URL(fileURLWithPath: own).resolvingSymlinksInPath().path
    }

    /// ONNX Runtime, which runs the models of speech recognition and voice activity; the package sherpa-onnx brings it.
    package var inferenceLibrary: String { "\(root)/.deps/sherpa-onnx/lib/libonnxruntime.\(Self.librarySuffix)" }

    /// The voice activity model.
    package var voiceActivityModel: String { "\(root)/.deps/silero/silero_vad.onnx" }

    /// The small speech recognition model that comes with the product.
    package var bundledModelFolder: String { "\(root)/Models/whisper-phone-mini" }

    /// The folder of a model that is pulled under a name, for example `base.en`.
    package func pulledModelFolder(named name: String) -> String { "\(pulledModelsFolder)/whisper-\(name)" }

    /// `path`, when there is a file there.
    ///
    /// - Throws: ``EngineError`` with `missing` that says what to do.
    static func requireFile(_ path: String, what: String) throws(EngineError) -> String {
        guard FileManager.default.isReadableFile(atPath: path) else {
            throw EngineError(.missing, "\(what) is not installed (\(path)): run make setup")
        }
        return path
    }

    #if os(macOS)
    private static let librarySuffix = "dylib"
    #else
    private static let librarySuffix = "so"
    #endif

    private static func ancestors(of folder: String) -> [String] {
        var found: [String] = []
        var url = URL(fileURLWithPath: folder).standardizedFileURL
        while true {
            found.append(url.path)
            guard url.path != "/", url.pathComponents.count > 1 else { return found }
            url.deleteLastPathComponent()
        }
    }

    private static func holdsFiles(_ folder: String) -> Bool {
        [".deps", "Models"].contains { name in
            var isFolder: ObjCBool = false
            return unsafe FileManager.default.fileExists(atPath: "\(folder)/\(name)", isDirectory: &isFolder) && isFolder.boolValue
        }
    }
}
