import Foundation
import Synchronization

/// A thread with room for work that calls itself deeply, as the YAML parser does on nested text.
enum DeepStack {
    private final class Slot<Value: Sendable>: Sendable {
        let value = Mutex<Value?>(nil)
    }

    /// The parser goes down 1000 levels at most; a text that is shared by anchors can be released as many times deeper as there are anchors.
    private static let bytes = 64 << 20
    /// How long is waited: comparing keys that are themselves made of aliases can take for ever.
    private static let patience = DispatchTimeInterval.seconds(20)

    /// Does the work on a thread of its own and waits for it; nil where it does not end.
    static func run<Value: Sendable>(_ work: @escaping @Sendable () -> Value) -> Value? {
        let slot = Slot<Value>()
        let isDone = DispatchSemaphore(value: 0)
        let thread = Thread {
            let value = work()
            slot.value.withLock { $0 = value }
            isDone.signal()
        }
        thread.stackSize = bytes
        thread.start()
        guard isDone.wait(timeout: .now() + patience) == .success else { return nil }
        return slot.value.withLock(\.self)
    }
}
