import CFlite
import Conversation

/// Flite's voice slt, set up once for the process.
///
/// Sound as `@unchecked Sendable`: the voice is only read after this, and flite keeps what belongs to one utterance in that utterance.
@safe final class FliteVoice: @unchecked Sendable {
    /// The voice's own rate, in Hz.
    static let sampleRate = 16_000

    /// The voice; nil where flite could not make it.
    static let shared = FliteVoice()

    private let voice: UnsafeMutablePointer<cst_voice>

    private init?() {
        guard flite_init() == 0, let made = unsafe register_cmu_us_slt(nil) else { return nil }
        unsafe voice = made
    }

    /// Makes one piece of text into sound; blocks, and hands the sound to `utterance` as it comes.
    ///
    /// Very rarely, with several texts at once, flite makes no sound and reports no failure. The piece is then said once more.
    /// - Throws: ``EngineError`` with `failed`.
    func speak(_ piece: SpeakableText.Piece, into utterance: FliteUtterance) throws(EngineError) {
        let samples = utterance.samplesTaken
        try synthesize(piece, into: utterance)
        if utterance.samplesTaken == samples, !utterance.isStopped { try synthesize(piece, into: utterance) }
    }

    private func synthesize(_ piece: SpeakableText.Piece, into utterance: FliteUtterance) throws(EngineError) {
        guard let made = unsafe new_utterance(), let streaming = unsafe new_audio_streaming_info() else {
            throw EngineError(.failed, "flite is out of memory")
        }
        utterance.begin(piece)
        unsafe streaming.pointee.min_buffsize = Int32(FliteUtterance.chunkSamples)
        unsafe streaming.pointee.userdata = Unmanaged.passUnretained(utterance).toOpaque()
        unsafe streaming.pointee.asc = { wave, start, size, _, info in
            guard let wave = unsafe wave, let info = unsafe info, let owner = unsafe info.pointee.userdata else { return CST_AUDIO_STREAM_STOP }
            let utterance = unsafe Unmanaged<FliteUtterance>.fromOpaque(owner).takeUnretainedValue()
            if utterance.needsWords {
                let made = unsafe info.pointee.utt
                utterance.takeWords(unsafe FliteTimings.wordEnds(of: made), openingMs: unsafe FliteTimings.openingPause(of: made))
            }
            guard let samples = unsafe wave.pointee.samples, size > 0 else { return CST_AUDIO_STREAM_CONT }
            let chunk = unsafe Array(UnsafeBufferPointer(start: samples + Int(start), count: Int(size)))
            return utterance.take(chunk) ? CST_AUDIO_STREAM_CONT : CST_AUDIO_STREAM_STOP
        }
        unsafe utt_set_input_text(made, piece.text)
        // The utterance owns the streaming record from here on.
        unsafe feat_set(made.pointee.features, "streaming_info", audio_streaming_info_val(streaming))
        // A synthesis that fails deletes its utterance itself.
        guard let done = unsafe flite_do_synth(made, voice, utt_synth) else { throw EngineError(.failed, "flite could not say \"\(piece.text)\"") }
        unsafe delete_utterance(done)
    }
}
