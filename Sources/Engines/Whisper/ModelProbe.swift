package import Conversation
import Diagnostics
import Foundation

/// Tries a speech model in a child process, because a damaged model may end the process that loads it.
package enum ModelProbe {
    /// The arguments with which the program runs ``runProbe(folder:installation:)``: then follows the model's folder.
    package static let arguments = ["engine-probe", "whisper"]

    /// How long reading a sentence of two seconds takes on this machine, in a child process.
    ///
    /// - Throws: what ``probe(model:executable:arguments:timeout:)`` throws.
    package static func cost(of model: WhisperModel, executable: String = Installation.runningExecutable) async throws -> Duration {
        let report = try await report(on: model, executable: executable, arguments: arguments, timeout: .seconds(60))
        let words = report.errors.split(whereSeparator: \.isWhitespace)
        guard let place = words.lastIndex(where: { $0 == costLabel }), place + 1 < words.endIndex, let ms = Int(words[place + 1]) else {
            throw EngineError(.failed, "\(executable) did not say how long the speech model took")
        }
        return .milliseconds(ms)
    }

    /// What stands before the milliseconds that the child says.
    private static let costLabel = "milliseconds"

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
        _ = try await report(on: model, executable: executable, arguments: arguments, timeout: timeout)
    }

    private static func report(
        on model: WhisperModel,
        executable: String,
        arguments: [String],
        timeout: Duration
    ) async throws -> ChildProcess.Report {
        let report: ChildProcess.Report
        do {
            report = try await ChildProcess.run(executable, arguments + [model.folder], timeout: timeout)
        } catch let error as CancellationError {
            throw error
        } catch {
            throw EngineError(.failed, "the speech model could not be tried: \(executable) did not start (\(ErrorText.of(error)))")
        }
        if report.outcome == .exited(0) { return report }
        let said = report.lastLines.isEmpty ? "" : ": \(report.lastLines)"
        throw EngineError(
            .invalid,
            "the speech model in \(model.folder) cannot be used; \(reason(report.outcome))\(said). `agentos models list` shows what can be installed"
        )
    }

    /// What the child process does: loads the model and lets it read a sentence.
    ///
    /// - Returns: what ``cost(of:executable:)`` reads, for the standard error.
    /// - Throws: ``EngineError``; but a damaged model may end the process instead, which is why a child runs this.
    package static func runProbe(folder: String, installation: Installation) throws(EngineError) -> String {
        let model = try WhisperModel(folder: folder)
        let recognizer = try WhisperRecognizer(model: model, library: installation.inferenceLibrary)
        let samples = sentence(seconds: 2)
        let begun = ContinuousClock.now
        _ = try recognizer.read(samples, in: model.languages.first)
        return "\(costLabel) \(Int((.now - begun) / .milliseconds(1)))"
    }

    /// Something like a voice: a buzz that rises and falls four times a second.
    private static func sentence(seconds: Int) -> [Float] {
        (0..<seconds * WhisperRecognizer.sampleRate).map { place in
            let time = Float(place) / Float(WhisperRecognizer.sampleRate)
            let buzz = (1...8).reduce(Float(0)) { $0 + sinf(2 * .pi * 140 * Float($1) * time) / Float($1) }
            return 0.1 * buzz * (1 - cosf(2 * .pi * 4 * time)) / 2
        }
    }

    private static func reason(_ outcome: ChildProcess.Outcome) -> String {
        switch outcome {
        case .exited(let status): "the engine ended with status \(status)"
        case .signalled(let signal): "the engine was ended by signal \(signal)"
        case .timedOut: "loading it took too long"
        }
    }
}
