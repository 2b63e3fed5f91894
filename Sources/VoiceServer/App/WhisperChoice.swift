package import Conversation
package import Engines
import Foundation

/// Which Whisper model is used.
package struct WhisperChoice: Sendable {
    /// What the log and `doctor` say while the bundled model is in use.
    package static let bundledNote =
        "The bundled speech model knows 219 everyday words and digits only; `make setup` or `agentos models pull base` gets a real one"

    /// The model.
    package let model: WhisperModel

    /// Finds a model by name or folder; without either, `base` if it has been pulled, else the bundled one.
    ///
    /// - Throws: ``EngineError`` when there is no such model or it cannot be one.
    package init(_ wanted: String?, _ installation: Installation) throws(EngineError) {
        guard let wanted else {
            let base = installation.pulledModelFolder(named: "base")
            let isPulled = FileManager.default.fileExists(atPath: base)
            model = try WhisperModel(folder: isPulled ? base : installation.bundledModelFolder)
            return
        }
        let named =
            ["phone-mini", "whisper-phone-mini"].contains(wanted) ? installation.bundledModelFolder : installation.pulledModelFolder(named: wanted)
        // A name with a slash is a folder, and so is one that exists.
        let isFolder = wanted.contains("/") || (FileManager.default.fileExists(atPath: wanted) && !FileManager.default.fileExists(atPath: named))
        let folder = isFolder ? wanted : named
        guard FileManager.default.fileExists(atPath: folder) else {
            throw EngineError(
                .missing,
                "AGENTOS_WHISPER_MODEL: there is no speech model \(wanted) (looked at \(folder)); `agentos models list` shows what there is"
            )
        }
        model = try WhisperModel(folder: folder)
    }
}
