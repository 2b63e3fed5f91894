import CVoiceActivity
import Conversation

/// The Silero network in memory, about 1 MB, for all calls.
///
/// Sound as `@unchecked Sendable`: the pointer never changes, and any number of threads may run one network at once.
@safe final class SileroSession: @unchecked Sendable {
    /// What the network remembers between windows, as many numbers as its state has.
    static let stateCount = Int(AGENTOS_VAD_STATE)
    /// The samples of the window before that the network sees again.
    static let carriedCount = Int(AGENTOS_VAD_INPUT) - VoiceActivityWindow.samples

    private let network: OpaquePointer

    /// Loads the network.
    ///
    /// - Throws: ``EngineError`` with `missing` or `invalid`.
    init(model path: String) throws(EngineError) {
        let weights = try SileroWeights.read(try Installation.requireFile(path, what: "the voice activity model"))
        guard let opened = unsafe agentos_vad_open(weights) else {
            throw EngineError(.failed, "there is not enough memory for the voice activity model")
        }
        unsafe network = opened
    }

    deinit {
        unsafe agentos_vad_close(network)
    }

    /// Judges one window.
    ///
    /// - Parameters:
    ///   - window: the carried samples and the new ones, -1 to 1.
    ///   - state: the network's memory, taken and given back.
    ///   - portable: whether to do without instructions that only some processors have, to compare with.
    /// - Returns: the probability of speech, 0 to 1.
    func run(window: [Float], state: inout [Float], portable: Bool = false) -> Float {
        precondition(window.count == Int(AGENTOS_VAD_INPUT) && state.count == Self.stateCount, "the network's input has a fixed size")
        return unsafe portable ? agentos_vad_run_portable(network, window, &state) : agentos_vad_run(network, window, &state)
    }
}
