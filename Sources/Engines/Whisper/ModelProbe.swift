package import Conversation
import Diagnostics
import Foundation

/// Tries a speech model in a process of its own, because the engine ends the process on a model that it dislikes.
package enum ModelProbe {
    /// The arguments with which the program runs ``runProbe(folder:installation:)``: then follows the model's folder.
    package static let arguments = ["engine-probe", "whisper"]

    /// Loads the model in a child process and has it read a clip there.
    ///
    /// - Parameters:
    ///   - model: the model to try.
    ///   - executable: the program that tries the model; this product's own.
    ///   - arguments: what tells it to; the model's folder follows.
    ///   - timeout: how long the child may take.
    /// - Throws: ``EngineError`` with `invalid` where the child died, failed or hung, and `failed` where it could not be started; `CancellationError`.
    package static func probe(
        model: WhisperModel,
        executable: String = Installation.runningExecutable,
        arguments: [String] = ModelProbe.arguments,
        timeout: Duration = .seconds(20)
    ) async throws {
        let report: ChildProcess.Report
        do {
            report = try await ChildProcess.run(executable, arguments + [model.folder], timeout: timeout)
        } catch let error as CancellationError {
            throw error
        } catch {
            throw EngineError(.failed, "the speech model could not be tried: \(executable) did not start (\(ErrorText.of(error)))")
        }
        if report.outcome == .exited(0) { return }
        let said = report.lastLines.isEmpty ? "" : ": \(report.lastLines)"
        throw EngineError(
            .invalid,
            "the speech model in \(model.folder) cannot be used; \(reason(report.outcome))\(said). `agentos models list` shows what can be installed"
        )
    }

    /// What the child process does: loads the model and lets it read half a second of silence.
    ///
    /// - Throws: ``EngineError``; but the engine may end the process instead, which is why a child runs this.
    package static func runProbe(folder: String, installation: Installation) throws(EngineError) {
        let model = try WhisperModel(folder: folder)
        let recognizer = try WhisperRecognizer(model: model, library: installation.inferenceLibrary)
        let silence = [Float](repeating: 0, count: WhisperRecognizer.sampleRate / 2)
        _ = try recognizer.read(silence, in: model.languages.first)
    }

    private static func reason(_ outcome: ChildProcess.Outcome) -> String {
        switch outcome {
        case .exited(let status): "the engine ended with status \(status)"
        case .signalled(let signal): "the engine was ended by signal \(signal)"
        case .timedOut: "loading it took too long"
        }
    }
}
