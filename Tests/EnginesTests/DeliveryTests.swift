import Testing

@testable import Engines

@Suite struct DeliveryTests {
    private struct Late: Error {}

    @Test func aResultThatComesFirstWaitsForTheTask() async throws {
        let delivery = Delivery<Int>()
        delivery.finish(.success(1))
        delivery.finish(.failure(Late()))
        let value = try await withCheckedThrowingContinuation { continuation in
            #expect(!delivery.suspend(continuation))
        }
        #expect(value == 1)
    }

    @Test func onlyTheFirstResultCounts() async {
        let delivery = Delivery<Int>()
        await #expect(throws: Late.self) {
            try await withCheckedThrowingContinuation { continuation in
                #expect(delivery.suspend(continuation))
                delivery.finish(.failure(Late()))
                delivery.finish(.success(1))
            }
        }
    }
}
