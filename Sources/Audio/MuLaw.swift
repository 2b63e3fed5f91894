/// G.711 mu-law: 8-bit companded samples, complemented on the wire (ITU-T G.711).
///
/// G.711 companding is defined on 14-bit samples. A 16-bit sample is brought there by an arithmetic shift (rounding down), as Sun's `g711.c` and
/// the codecs derived from it do, so their output is matched bit for bit. The ITU-T G.191 tools complement negative samples first; those two
/// differ by one code on the 508 negative samples next to a decision value, and on no positive one.
package enum MuLaw {
    /// The code of digital silence.
    package static let silence: UInt8 = 0xFF

    /// Decodes each byte to a 16-bit sample.
    package static func decode(_ codes: some Collection<UInt8>) -> [Int16] {
        var samples: [Int16] = []
        decode(codes, into: &samples)
        return samples
    }

    /// Encodes each 16-bit sample as a byte.
    package static func encode(_ samples: some Collection<Int16>) -> [UInt8] {
        var codes: [UInt8] = []
        encode(samples, into: &codes)
        return codes
    }

    /// Decodes each byte and appends the 16-bit samples; allocates nothing where `samples` has room.
    package static func decode(_ codes: some Collection<UInt8>, into samples: inout [Int16]) {
        if codes.withContiguousStorageIfAvailable({ append(decoding: $0, to: &samples) }) == nil {
            Array(codes).withUnsafeBufferPointer { append(decoding: $0, to: &samples) }
        }
    }

    /// Encodes each 16-bit sample and appends the bytes; allocates nothing where `codes` has room.
    package static func encode(_ samples: some Collection<Int16>, into codes: inout [UInt8]) {
        if samples.withContiguousStorageIfAvailable({ append(encoding: $0, to: &codes) }) == nil {
            Array(samples).withUnsafeBufferPointer { append(encoding: $0, to: &codes) }
        }
    }

    // Room is taken once and filled in place: growing sample by sample, or through a lazy map, costs several times the lookups themselves.
    private static func append(decoding codes: UnsafeBufferPointer<UInt8>, to samples: inout [Int16]) {
        decodingTable.withUnsafeBufferPointer { table in
            samples.append(addingCapacity: codes.count) { output in
                for code in codes { output.append(table[Int(code)]) }
            }
        }
    }

    private static func append(encoding samples: UnsafeBufferPointer<Int16>, to codes: inout [UInt8]) {
        encodingTable.withUnsafeBufferPointer { table in
            codes.append(addingCapacity: samples.count) { output in
                for sample in samples { output.append(table[Int(UInt16(bitPattern: sample) >> 2)]) }
            }
        }
    }
}
