import COnnxRuntime
import Conversation
import Foundation

/// The Silero model in memory, about 27 MiB, for all calls.
///
/// Sound as `@unchecked Sendable`: the pointer never changes, and ONNX Runtime allows any number of threads to run one session at once.
@safe final class SileroSession: @unchecked Sendable {
    /// What the model remembers between windows, as many numbers as its state tensor holds.
    static let stateCount = Int(AGENTOS_VAD_STATE)
    /// The samples of the window before that the model sees again.
    static let carriedCount = Int(AGENTOS_VAD_INPUT) - VoiceActivityWindow.samples

    private let model: OpaquePointer

    /// Loads the model.
    ///
    /// - Throws: ``EngineError`` with `missing` or `invalid`.
    init(library: String, model path: String) throws(EngineError) {
        let library = try Installation.requireFile(library, what: "the inference library")
        let path = try Installation.requireFile(path, what: "the voice activity model")
        var message = ErrorLine()
        guard let opened = unsafe message.write({ text, size in unsafe agentos_vad_open(library, path, text, size) }) else {
            throw EngineError(.invalid, "the voice activity model \(path) could not be loaded: \(message.text); run make setup again")
        }
        unsafe model = opened
    }

    deinit {
        unsafe agentos_vad_destroy(model)
    }

    /// Judges one window.
    ///
    /// - Parameters:
    ///   - window: the carried samples and the new ones, -1 to 1.
    ///   - state: the model's memory, taken and given back.
    /// - Returns: the probability of speech, 0 to 1.
    /// - Throws: ``EngineError`` with `failed`.
    func run(window: [Float], state: inout [Float]) throws(EngineError) -> Float {
        precondition(window.count == Int(AGENTOS_VAD_INPUT) && state.count == Self.stateCount, "the model's tensors have fixed sizes")
        var probability: Float = 0
        var message = ErrorLine()
        let ran = unsafe message.write { text, size in
            unsafe window.withUnsafeBufferPointer { input in
                unsafe state.withUnsafeMutableBufferPointer { memory in
                    guard let input = input.baseAddress, let memory = memory.baseAddress else { return false }
                    return unsafe agentos_vad_run(model, input, memory, &probability, text, size)
                }
            }
        }
        guard ran else { throw EngineError(.failed, "voice activity detection failed: \(message.text)") }
        return probability
    }
}
