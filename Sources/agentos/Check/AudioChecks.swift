import Audio

/// Checks the telephone's audio coding.
struct AudioChecks {
    let list: CheckList

    /// Runs them.
    func run() async {
        await list.begin("Audio")
        let fix = "this is a fault of the program; please report it"
        await list.check("mu-law: all 256 codes decode as ITU-T G.711 has them", fix: fix) { try Self.decoding() }
        await list.check("mu-law: all 65,536 samples encode as ITU-T G.711 has them", fix: fix) { try Self.encoding() }
        await list.check("mu-law: decoding and encoding again changes no code but minus zero", fix: fix) { try Self.roundTrip() }
    }

    /// Compares every code with the Recommendation's table.
    static func decoding(_ decode: ([UInt8]) -> [Int16] = { MuLaw.decode($0) }) throws(CheckFailure) {
        let reference = MuLawReference()
        let codes = Array(UInt8.min...UInt8.max)
        let samples = decode(codes)
        try require("the number of samples", samples.count, is: codes.count)
        for (code, sample) in zip(codes, samples) {
            try require("the sample of code \(code)", sample, is: reference.sample(of: code))
        }
    }

    /// Compares every sample with the Recommendation's table.
    static func encoding(_ encode: ([Int16]) -> [UInt8] = { MuLaw.encode($0) }) throws(CheckFailure) {
        let reference = MuLawReference()
        let samples = Array(Int16.min...Int16.max)
        let codes = encode(samples)
        try require("the number of codes", codes.count, is: samples.count)
        for (sample, code) in zip(samples, codes) {
            try require("the code of sample \(sample)", code, is: reference.code(of: sample))
        }
    }

    /// Checks that audio passed through is not worn.
    private static func roundTrip() throws(CheckFailure) {
        for code in UInt8.min...UInt8.max {
            // There are two zeros; the sample 0 is encoded as the positive one.
            let wanted: UInt8 = code == 0x7F ? 0xFF : code
            try require("code \(code) after a round trip", MuLaw.encode(MuLaw.decode([code])), is: [wanted])
        }
    }
}
