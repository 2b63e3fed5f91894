import Audio

/// The caller's telephone lets the agent's voice back into its microphone, as a loudspeaker does.
package struct Loopback: Sendable, Equatable {
    /// From the moment something is played to the moment it comes back, in ms.
    package var delayMs: Int
    /// How much louder it comes back, in dB; less than 0 for softer.
    package var gainDB: Double

    /// Makes an echo.
    package init(delayMs: Int, gainDB: Double) {
        self.delayMs = delayMs
        self.gainDB = gainDB
    }

    /// What the microphone picks up of a frame: the caller and the echo.
    ///
    /// - Parameters:
    ///   - payload: the caller alone, mu-law.
    ///   - heard: everything the caller has heard, mu-law, up to the end of this frame.
    /// - Returns: the frame's mu-law; the payload itself where nothing comes back.
    func mix(_ payload: [UInt8], heard: [UInt8]) -> [UInt8] {
        let end = heard.count - delayMs * 8
        let start = end - payload.count
        guard end > 0 else { return payload }
        let factor = Loudness.amplitude(of: gainDB)
        let echo = MuLaw.decode(Array(heard[max(0, start)..<end])).map { Int((Double($0) * factor).rounded()) }
        guard echo.contains(where: { $0 != 0 }) else { return payload }
        let padded = Array(repeating: 0, count: payload.count - echo.count) + echo
        return MuLaw.encode(zip(MuLaw.decode(payload), padded).map { Int16(clamping: Int($0) + $1) })
    }
}
