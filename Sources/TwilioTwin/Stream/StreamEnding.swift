/// How a media stream ended.
package enum StreamEnding: Sendable, Equatable {
    /// The server closed the socket, with this WebSocket code where it gave one. The call goes on with the next verb.
    case serverClosed(code: Int?)
    /// The connection broke. The call goes on with the next verb.
    case socketLost(String)
    /// The socket never opened. The call goes on with the next verb.
    case notConnected
    /// The script cut the connection. The call goes on with the next verb.
    case callerCutSocket
    /// The script hung up: the call is over.
    case callerHungUp
    /// The server gave the call something else to do by REST. The call goes on with that.
    case callUpdated
    /// The call ended for another reason while the stream was open.
    case callEnded

    /// The ending's name in JSON.
    package var name: String {
        switch self {
        case .serverClosed: "server_closed"
        case .socketLost: "socket_lost"
        case .notConnected: "not_connected"
        case .callerCutSocket: "caller_cut_socket"
        case .callerHungUp: "caller_hung_up"
        case .callUpdated: "call_updated"
        case .callEnded: "call_ended"
        }
    }

    /// The ending in words.
    package var words: String {
        switch self {
        case .serverClosed(let code): "the server closed the stream" + (code.map { " (code \($0))" } ?? "")
        case .socketLost(let why): "the connection broke: \(why)"
        case .notConnected: "the stream could not be opened"
        case .callerCutSocket: "the caller's side cut the connection"
        case .callerHungUp: "the caller hung up"
        case .callUpdated: "the server gave the call something else to do"
        case .callEnded: "the call ended"
        }
    }

    /// Whether the line was lost in the middle of the conversation: a caller may have spoken in vain.
    var isLoss: Bool {
        switch self {
        case .serverClosed, .socketLost: true
        case .notConnected, .callerCutSocket, .callerHungUp, .callUpdated, .callEnded: false
        }
    }

    /// Whether Twilio says `stop` before it closes the socket.
    var saysStop: Bool { [.callerHungUp, .callUpdated, .callEnded].contains(self) }
}
