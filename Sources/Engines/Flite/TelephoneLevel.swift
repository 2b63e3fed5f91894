/// Brings a voice to the level of a telephone line, sample by sample, so that no chunk waits for the next.
enum TelephoneLevel {
    /// The largest sample that leaves: -3 dBFS, which mu-law and the network's own gain still carry.
    static let ceiling = 23_197.0
    /// Up to here (-6 dBFS) samples keep their shape; louder ones bend towards the ceiling instead of being cut off at it.
    private static let knee = 16_423.0
    /// Brings slt's usual peaks to the knee.
    private static let gain = 1.0

    /// One sample at the line's level.
    static func limited(_ sample: Int16) -> Int16 {
        let amplified = Double(sample) * gain
        let magnitude = amplified.magnitude
        guard magnitude > knee else { return Int16(amplified.rounded()) }
        let over = (magnitude - knee) / (ceiling - knee)
        // Rises with slope 1 at the knee and never reaches the ceiling.
        let bent = knee + (ceiling - knee) * over / (1 + over)
        return Int16(amplified < 0 ? -bent.rounded() : bent.rounded())
    }
}
