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

    /// Whether Twilio says `stop` before it closes the socket.
    var saysStop: Bool { [.callerHungUp, .callUpdated, .callEnded].contains(self) }
}
