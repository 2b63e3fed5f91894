import Diagnostics
import Engines
import Foundation
import VoiceServer

/// Looks at the engines: what is installed, and whether it loads.
struct EngineFindings {
    private static let cure = "run `make setup`"

    let installation: Installation
    let settings: ServerConfiguration

    /// All of them.
    func all() async -> [Finding] { installed + [await speechModel] + weakLanguages + [pulled, voice] }

    /// Those of the files that every server needs, whatever the settings say.
    var installed: [Finding] {
        [
            file(installation.inferenceLibrary, "inference", "ONNX Runtime"), voiceActivity,
        ]
    }

    private func file(_ path: String, _ subject: String, _ what: String) -> Finding {
        guard FileManager.default.isReadableFile(atPath: path) else {
            return Finding(.error, subject, "\(what) is not installed (\(path)); \(Self.cure)")
        }
        return Finding(.ok, subject, "\(what) (\(path))")
    }

    private var voiceActivity: Finding {
        let found = file(installation.voiceActivityModel, "voice activity", "Silero's model")
        guard found.level == .ok else { return found }
        do {
            _ = try SileroVoiceActivityDetector(installation: installation)
            return Finding(.ok, "voice activity", "Silero loads (\(installation.voiceActivityModel))")
        } catch {
            return Finding(.error, "voice activity", ErrorText.of(error))
        }
    }

    private var speechModel: Finding {
        get async {
            let subject = "speech model"
            guard FileManager.default.isReadableFile(atPath: installation.inferenceLibrary) else {
                return Finding(.error, subject, "without ONNX Runtime no model loads; \(Self.cure)")
            }
            // A speech service may fail: then the local engine hears.
            guard ["whisper", "openai"].contains(settings.stt) else {
                return Finding(.note, subject, "none is used: speech to text is '\(settings.stt)'")
            }
            do {
                let model = try WhisperChoice(settings.whisperModel, installation).model
                // In a child process, because a damaged model may end the process.
                try await ModelProbe.probe(model: model)
                guard model.folder == installation.bundledModelFolder else { return Finding(.ok, subject, "\(model.name) loads (\(model.folder))") }
                return Finding(.note, subject, "phone-mini loads. \(WhisperChoice.bundledNote)")
            } catch {
                return Finding(.error, subject, ErrorText.of(error))
            }
        }
    }

    /// Agents whose language the model in use reads poorly.
    var weakLanguages: [Finding] {
        guard settings.stt == "whisper", let model = try? WhisperChoice(settings.whisperModel, installation).model, Self.isSmall(model) else {
            return []
        }
        let agents = settings.agentFile.agents.isEmpty ? [AgentDefinition(name: "default")] : settings.agentFile.agents
        return agents.compactMap { agent in
            let language = agent.language ?? settings.language
            guard agent.hearing == nil, let language, SpeechLanguage(language)?.code != "en" else { return nil }
            return Finding(
                .note,
                "language",
                "the agent \(agent.name) speaks \(language), and \(model.name) reads short commands in other languages than English poorly: "
                    + "`agentos models pull small` gets a better model, and `hearing` names a service"
            )
        }
    }

    private static func isSmall(_ model: WhisperModel) -> Bool { ["whisper-base", "whisper-tiny"].contains(model.name) }

    private var pulled: Finding {
        let names = ModelCatalog.entries.map(\.name).filter { name in
            (try? WhisperModel(folder: installation.pulledModelFolder(named: name))) != nil
        }
        guard names.isEmpty else { return Finding(.ok, "pulled models", "\(names.joined(separator: ", ")) (\(installation.pulledModelsFolder))") }
        return Finding(.note, "pulled models", "none in \(installation.pulledModelsFolder); `agentos models pull base` gets one")
    }

    private var voice: Finding {
        do {
            _ = try FliteSynthesizer(workers: 1)
            return Finding(.ok, "voice", "flite, slt (US English)")
        } catch {
            return Finding(.error, "voice", "\(ErrorText.of(error)); \(Self.cure)")
        }
    }
}
