/// G.711 A-law: 8-bit companded samples, every other bit inverted on the wire (ITU-T G.711).
enum ALaw {
    private static let table: [Int16] = (0...255).map { decoded(UInt8($0)) }

    /// Decodes each byte to a 16-bit sample.
    static func decode(_ codes: some Collection<UInt8>) -> [Int16] {
        codes.map { table[Int($0)] }
    }

    private static func decoded(_ code: UInt8) -> Int16 {
        let bits = code ^ 0x55
        let segment = Int(bits >> 4 & 7)
        let step = Int(bits & 0x0F)
        let magnitude = segment == 0 ? step << 4 + 8 : (step << 4 + 0x108) << (segment - 1)
        return Int16(bits & 0x80 == 0 ? -magnitude : magnitude)
    }
}
