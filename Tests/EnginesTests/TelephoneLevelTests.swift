import Testing

@testable import Engines

@Suite struct TelephoneLevelTests {
    @Test func louderInIsLouderOutAndNothingIsClipped() {
        let out = stride(from: 0, through: 32_767, by: 1).map { TelephoneLevel.limited(Int16($0)) }
        #expect(zip(out, out.dropFirst()).allSatisfy { $0 <= $1 })
        #expect(Double(out.last ?? 0) < TelephoneLevel.ceiling)
        #expect(out.filter { $0 == out.last }.count < 100)
    }

    @Test(arguments: [Int16.min, -20_000, -5, 0, 5, 20_000, .max])
    func bothSidesOfTheWaveAreTreatedAlike(_ sample: Int16) {
        let mirrored = sample == .min ? .max : -sample
        #expect(abs(Int(TelephoneLevel.limited(sample)) + Int(TelephoneLevel.limited(mirrored))) <= 1)
    }
}
