import Conversation

extension CallMachine.Configuration {
    /// The settings for a session's newest stream: what its earlier ones have taken of the longest call is gone.
    func limited(_ session: SessionRecord, now: Int) -> CallMachine.Configuration {
        var configuration = self
        configuration.longestCallMs = longestCallMs.map { max(0, $0 - (now - session.createdAt) / 1000) }
        return configuration
    }
}
