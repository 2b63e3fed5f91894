package import TestSupport

extension SeededRandom {
    /// Changes, removes, repeats or inserts up to four stretches of `bytes`; `alphabet` is what insertions favour.
    package mutating func mutate(_ bytes: [UInt8], alphabet: String) -> [UInt8] {
        var result = bytes
        let letters = Array(alphabet.utf8)
        for _ in 0...Int.random(in: 0..<4, using: &self) {
            let position = Int.random(in: 0...result.count, using: &self)
            let end = min(result.count, position + Int.random(in: 0..<9, using: &self))
            switch Int.random(in: 0..<6, using: &self) {
            case 0: result.removeSubrange(position..<end)
            case 1: result.insert(contentsOf: result[position..<end], at: position)
            case 2: result.insert(letters.randomElement(using: &self) ?? 0, at: position)
            case 3: result.insert(UInt8.random(in: 0...255, using: &self), at: position)
            case 4: result = Array(result[..<position])
            default: if position < result.count { result[position] = letters.randomElement(using: &self) ?? 0 }
            }
        }
        return result
    }
}
