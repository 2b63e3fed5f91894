/// The tools that are running, which may outlive the answer that called them.
struct ToolLedger: Sendable {
    /// A tool's call in progress.
    struct Running: Sendable {
        var call: ToolCall
        var kind: ToolPlan.Kind
        /// The turn whose answer called it.
        var turn: Int
        var sinceMs: Int
        /// What is said meanwhile, until it is.
        var filler: String?
    }

    private(set) var running: [Running] = []
    /// What the request came to that calls somebody else for the caller, while the line has not gone away to do it.
    private var dialled: (tool: Running, outcome: ToolOutcome)?

    /// Whether none is running.
    var isEmpty: Bool { running.isEmpty }

    /// Notes that a tool was begun.
    mutating func begin(_ tool: Running) { running.append(tool) }

    /// Notes that a tool has ended; nil where it was not running.
    mutating func finish(_ id: String) -> Running? {
        guard dialing != id else { return nil }
        return running.firstIndex { $0.call.id == id }.map { running.remove(at: $0) }
    }

    /// The tool that calls somebody else for the caller, which has begun.
    var dialing: String? { dialled?.tool.call.id }

    /// Notes that a tool, which has ended, has begun to call somebody else: it goes on until it is known whether they answer.
    mutating func dial(_ tool: Running, _ outcome: ToolOutcome) {
        running.append(tool)
        dialled = (tool, outcome)
    }

    /// Takes that tool out, with what its request came to.
    mutating func takeDialing() -> (tool: Running, outcome: ToolOutcome)? {
        guard let taken = dialled else { return nil }
        dialled = nil
        running.removeAll { $0.call.id == taken.tool.call.id }
        return taken
    }

    /// Whether a tool of this kind is running.
    func isRunning(_ kind: ToolPlan.Kind) -> Bool { running.contains { $0.kind == kind } }

    /// The next phrase to be said while tools run, and from when on; nil where none has one.
    var filler: (text: String, sinceMs: Int)? {
        running.first { $0.filler != nil }.flatMap { tool in tool.filler.map { ($0, tool.sinceMs) } }
    }

    /// Takes that phrase.
    mutating func takeFiller() -> String? {
        guard let index = running.firstIndex(where: { $0.filler != nil }) else { return nil }
        defer { running[index].filler = nil }
        return running[index].filler
    }
}
