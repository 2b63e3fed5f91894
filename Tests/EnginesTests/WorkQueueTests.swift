import TestSupport
import Testing

@testable import Engines

/// What is handed out, and what gives way.
@Suite struct WorkQueueTests {
    private func item(_ id: WorkQueue.ID) -> WorkQueue.Item { WorkQueue.Item(id: id, queuedAt: .now, work: { _ in }) }

    @Test func workForIdleThreadsGivesWayToWorkThatComesLater() {
        var queue = WorkQueue(limit: 4, threads: 1)
        let isTaken = queue.addIfIdle(item(1))
        let isAdded = queue.add(item(2))
        let displaced = queue.takeDisplaced().map(\.id)
        let (first, second) = (queue.next().id, queue.next().id)
        #expect(isTaken && isAdded && displaced == [1])
        #expect(first == 2 && second == nil)
    }

    @Test func withAThreadForEachBothAreDoneAndQueuedWorkFirst() {
        var queue = WorkQueue(limit: 4, threads: 2)
        let isTaken = queue.addIfIdle(item(1))
        let isAdded = queue.add(item(2))
        let displaced = queue.takeDisplaced()
        let (first, second) = (queue.next().id, queue.next().id)
        #expect(isTaken && isAdded && displaced.isEmpty)
        #expect(first == 2 && second == 1)
    }

    @Test func thereIsNoIdleThreadForWhatQueuedWorkNeeds() {
        var queue = WorkQueue(limit: 4, threads: 2)
        let added = [1, 2].map { queue.add(item($0)) }
        let whileBothAreNeeded = queue.addIfIdle(item(3))
        queue.remove(2)
        let whileOneIsFree = [3, 4].map { queue.addIfIdle(item($0)) }
        queue.remove(3)
        let afterItWasTakenOut = queue.addIfIdle(item(4))
        #expect(added == [true, true] && !whileBothAreNeeded)
        #expect(whileOneIsFree == [true, false] && afterItWasTakenOut)
    }

    /// Whatever the order of events: work for idle threads never takes queued work's place, nor waits without a thread.
    @Test(arguments: 0..<200) func workForIdleThreadsCostsQueuedWorkNothing(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let threads = Int.random(in: 1...3, using: &random)
        var queue = WorkQueue(limit: 3, threads: threads)
        var plain = WorkQueue(limit: 3, threads: threads)
        var spare: Set<WorkQueue.ID> = []
        var busy: [WorkQueue.ID] = []
        for id in 1...300 as ClosedRange<WorkQueue.ID> {
            switch Int.random(in: 0..<4, using: &random) {
            case 0:
                // Previews that run keep their threads; the rest of the queue is the same with and without them.
                guard busy.allSatisfy({ !spare.contains($0) }) else { continue }
                let (isAdded, isAddedToPlain) = (queue.add(item(id)), plain.add(item(id)))
                #expect(isAdded == isAddedToPlain)
                let displaced = queue.takeDisplaced().map(\.id)
                let areSpare = spare.isSuperset(of: displaced)
                #expect(areSpare)
                spare.subtract(displaced)
            case 1:
                if queue.addIfIdle(item(id)) { spare.insert(id) }
            case 2 where busy.count < threads:
                guard let next = queue.next().id else { continue }
                queue.threadBecameBusy()
                busy.append(next)
                guard !spare.contains(next) else { continue }
                let nextOfPlain = plain.next().id
                #expect(nextOfPlain == next)
                plain.threadBecameBusy()
            default:
                guard let done = busy.indices.randomElement(using: &random) else { continue }
                queue.threadBecameIdle()
                if spare.remove(busy.remove(at: done)) == nil { plain.threadBecameIdle() }
            }
            let waitingSpare = spare.subtracting(busy).count
            #expect(queue.waiting + waitingSpare <= threads - busy.count || waitingSpare == 0)
        }
    }
}

extension WorkQueue.Next {
    /// The work's id, where there is some.
    fileprivate var id: WorkQueue.ID? {
        if case .work(let item) = self { item.id } else { nil }
    }
}
