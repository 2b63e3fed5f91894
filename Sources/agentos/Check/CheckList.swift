import Conversation
import Diagnostics
import VoiceServer

/// Runs checks one after the other, tells each as it ends, and counts.
actor CheckList {
    /// Checks that held.
    private(set) var passed = 0
    /// Checks that did not.
    private(set) var failed = 0
    private let show: @Sendable (String) -> Void

    /// Makes an empty list; `show` is given each line.
    init(show: @escaping @Sendable (String) -> Void) {
        self.show = show
    }

    /// Begins a group of checks.
    func begin(_ title: String) {
        if !Task.isCancelled { show("\(title):") }
    }

    /// Checks one thing: a tick when the body returns, a cross with the reason when it throws.
    ///
    /// In a cancelled task nothing is checked: who cancelled it says why.
    /// - Parameters:
    ///   - what: what holds when the body returns.
    ///   - fix: what to do when it does not.
    ///   - body: looks, and throws what is wrong.
    /// - Returns: what the body returned; nil when it did not.
    @discardableResult
    func check<Value: Sendable>(_ what: String, fix: String, _ body: @Sendable () async throws -> Value) async -> Value? {
        guard !Task.isCancelled else { return nil }
        do {
            let value = try await body()
            passed += 1
            show("  \(Terminal.colored("✓", 32)) \(what)")
            return value
        } catch {
            guard !Task.isCancelled else { return nil }
            failed += 1
            show("  \(Terminal.colored("✗", 31)) \(what): \(Self.reason(error, fix: fix))")
            return nil
        }
    }

    /// Why a check failed and how to fix it, on one line; errors of engines and of the server's start say both themselves.
    private static func reason(_ error: any Error, fix: String) -> String {
        let text =
            switch error {
            case let error as EngineError: error.message
            case let error as StartError: error.message
            default: "\(ErrorText.of(error)); \(fix)"
            }
        return text.split(whereSeparator: \.isNewline).joined(separator: " ")
    }

    /// The last line.
    var summary: String {
        "\(passed) \(passed == 1 ? "check" : "checks") passed, \(failed) failed"
    }
}
