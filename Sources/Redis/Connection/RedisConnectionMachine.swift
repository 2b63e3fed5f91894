import NIOCore

/// What waits for an answer on one connection; answers come in the order of the commands.
///
/// A value: requests and replies in, what to do out. A request that nobody waits for any more keeps its place until its replies have come.
struct RedisConnectionMachine {
    /// What becomes of a request.
    enum SendAction: Equatable {
        case write
        case refuse(RedisError)
    }

    /// What a reply comes to.
    enum ReceiveAction: Equatable {
        /// More replies of the request are to come, or nobody waits.
        case wait
        /// A request has all of its replies.
        case complete(Int, [RedisValue])
        /// Nobody asked for it.
        case close(RedisError)
    }

    private struct Request {
        var id: Int
        var missing: Int
        var isAbandoned = false
        var replies: [RedisValue] = []
    }

    private enum State {
        /// Commands may be sent. Becomes `closed`.
        case open
        /// Nothing can be sent any more.
        case closed(RedisError)
    }

    private let mostInFlight: Int
    private var state = State.open
    private var requests = CircularBuffer<Request>()
    /// Replies that are still to come.
    private var inFlight = 0

    /// Makes the machine of a connection that has just been opened.
    init(mostInFlight: Int) {
        self.mostInFlight = mostInFlight
    }

    /// Whether anything waits for an answer.
    var isWaiting: Bool { !requests.isEmpty }

    /// A request of so many commands is to be sent.
    mutating func send(_ id: Int, commands: Int) -> SendAction {
        if case .closed(let error) = state { return .refuse(error) }
        guard inFlight + commands <= mostInFlight else {
            return .refuse(RedisError(.overloaded, "more than \(mostInFlight) commands wait for Redis; it is too slow or asked too much"))
        }
        inFlight += commands
        requests.append(Request(id: id, missing: commands))
        return .write
    }

    /// A reply has come.
    mutating func receive(_ value: RedisValue) -> ReceiveAction {
        guard var request = requests.popFirst() else {
            return .close(RedisError(.protocolFault, "the server answered what nobody asked; is it Redis?"))
        }
        inFlight -= 1
        request.missing -= 1
        if !request.isAbandoned { request.replies.append(value) }
        guard request.missing == 0 else {
            requests.prepend(request)
            return .wait
        }
        return request.isAbandoned ? .wait : .complete(request.id, request.replies)
    }

    /// Nobody waits for a request any more; false when it had been answered already.
    mutating func abandon(_ id: Int) -> Bool {
        guard let index = requests.firstIndex(where: { $0.id == id && !$0.isAbandoned }) else { return false }
        requests[index].isAbandoned = true
        requests[index].replies = []
        return true
    }

    /// The connection is over; the requests that will never be answered.
    mutating func close(_ error: RedisError) -> [Int] {
        guard case .open = state else { return [] }
        state = .closed(error)
        inFlight = 0
        defer { requests.removeAll() }
        return requests.filter { !$0.isAbandoned }.map(\.id)
    }
}
