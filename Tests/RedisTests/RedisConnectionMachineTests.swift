import Testing

@testable import Redis

/// Answers find who asked, in the order of the questions.
@Suite struct RedisConnectionMachineTests {
    @Test func repliesGoToTheRequestsInTheirOrder() {
        var machine = RedisConnectionMachine(mostInFlight: 10)
        #expect(machine.send(1, commands: 2) == .write)
        #expect(machine.send(2, commands: 1) == .write)
        #expect(machine.receive(.integer(1)) == .wait)
        #expect(machine.receive(.integer(2)) == .complete(1, [.integer(1), .integer(2)]))
        #expect(machine.receive(.integer(3)) == .complete(2, [.integer(3)]))
        #expect(!machine.isWaiting)
    }

    @Test func anAbandonedRequestKeepsItsPlace() {
        var machine = RedisConnectionMachine(mostInFlight: 10)
        #expect(machine.send(1, commands: 2) == .write)
        #expect(machine.send(2, commands: 1) == .write)
        #expect(machine.receive(.integer(1)) == .wait)
        #expect(machine.abandon(1) == true)
        #expect(machine.abandon(1) == false)
        #expect(machine.receive(.integer(2)) == .wait)
        #expect(machine.receive(.integer(3)) == .complete(2, [.integer(3)]))
        #expect(machine.abandon(2) == false)
    }

    @Test func whatWaitsIsBoundedAndAbandonedRequestsCount() {
        var machine = RedisConnectionMachine(mostInFlight: 3)
        #expect(machine.send(1, commands: 3) == .write)
        _ = machine.abandon(1)
        guard case .refuse(let error) = machine.send(2, commands: 1) else {
            Issue.record("a fourth command was let in")
            return
        }
        #expect(error.code == .overloaded)
        _ = machine.receive(.null)
        #expect(machine.send(2, commands: 1) == .write)
    }

    @Test func anAnswerThatNobodyAskedForEndsTheConnection() {
        var machine = RedisConnectionMachine(mostInFlight: 3)
        guard case .close(let error) = machine.receive(.null) else {
            Issue.record("it was taken")
            return
        }
        #expect(error.code == .protocolFault)
    }

    @Test func theEndFailsWhoeverWaitsAndRefusesWhoeverComes() {
        let error = RedisError(.closed, "gone")
        var machine = RedisConnectionMachine(mostInFlight: 10)
        for id in 1...3 { _ = machine.send(id, commands: 1) }
        _ = machine.abandon(2)
        #expect(machine.close(error) == [1, 3])
        #expect(machine.close(error) == [])
        #expect(machine.send(4, commands: 1) == .refuse(error))
    }
}
