import Diagnostics
import Twilio

/// One `<Stream>` of a call, from the handshake to the last callback.
struct StreamLeg: Sendable {
    let call: CallProgress
    let stream: TwiML.Stream
    let isTwoWay: Bool
    /// What a relative stream URL is relative to; nil where there is nothing.
    let documentURL: String?

    private let streamSid = Sid.random(.stream)

    init(call: CallProgress, stream: TwiML.Stream, isTwoWay: Bool, documentURL: String?) {
        self.call = call
        self.stream = stream
        self.isTwoWay = isTwoWay
        self.documentURL = documentURL
    }

    /// Runs the stream; whatever happens to it, the call goes on, unless the caller hung up.
    func run() async {
        guard let target = admit() else { return await failed() }
        let conductor = StreamConductor(TwinStream(streamConfiguration, script: call.line.takeScript()), log: call.log)
        do {
            let client = MediaStreamClient(target: target)
            let ending = try await client.withConnection { inbound, outbound in
                call.log.record(.streamConnected(url: stream.url, streamSid: streamSid))
                call.line.join(conductor)
                async let announced: Void = callBack("stream-started")
                let ending = await conductor.run(inbound: inbound, outbound: outbound, clock: call.clock)
                await announced
                return ending
            }
            await finish(conductor, ending: ending)
        } catch {
            await dropped(conductor, error)
        }
    }

    private func finish(_ conductor: StreamConductor, ending: StreamEnding) async {
        call.line.leave(conductor)
        call.log.add(conductor.stream, ending: ending)
        if ending == .callerHungUp { call.line.end(.callerHungUp) }
        // Only the time limit ends a stream as a call does while the call is not over.
        if ending == .callEnded { call.line.end(.timeLimit) }
        await callBack("stream-stopped")
    }

    /// The socket never opened, or closing it failed after the stream was over.
    private func dropped(_ conductor: StreamConductor, _ error: any Error) async {
        if let ending = conductor.ending { return await finish(conductor, ending: ending) }
        call.line.leave(conductor)
        let failure = error as? TwinError ?? TwinError(.socketLost, "the media socket broke: \(ConnectionTrouble(error))")
        call.log.fault(failure.code == .handshakeRefused ? TwilioFault.handshakeRefused : TwilioFault.connectionRefused, failure.message)
        call.log.record(.failure(failure))
        await failed()
    }

    private func failed() async {
        call.log.record(.streamEnded(.notConnected))
        await callBack("stream-error")
    }

    /// Where the socket is, when Twilio would open it at all.
    private func admit() -> MediaSocketTarget? {
        do {
            let url = try call.webhooks.routing.resolve(Self.withoutQuery(stream.url), against: documentURL ?? "")
            let isSecure = url.hasPrefix("wss:") || url.hasPrefix("https:")
            if call.configuration.persona == .twilio, !isSecure {
                call.log.fault(TwilioFault.notSecure, "the stream's URL \(OneLine(url)) is not wss")
                return nil
            }
            if isTwoWay, let track = stream.track, track != "inbound_track" {
                call.log.fault(TwilioFault.badTrack, "<Connect> takes only inbound_track")
                return nil
            }
            var target = try call.webhooks.routing.socket(url, checksCertificate: call.configuration.checksCertificates, headers: headers(url))
            target.caFile = call.configuration.caFile
            return target
        } catch {
            call.log.fault(TwilioFault.malformedURL, error.message)
            call.log.record(.failure(error))
            return nil
        }
    }

    /// Twilio drops the query.
    private static func withoutQuery(_ url: String) -> String { String(url.prefix { $0 != "?" && $0 != "#" }) }

    private func headers(_ url: String) -> [(name: String, value: String)] {
        var headers: [(name: String, value: String)] = []
        if let userAgent = call.configuration.userAgent { headers.append(("User-Agent", userAgent)) }
        if call.configuration.signsHandshake, let authToken = call.configuration.authToken {
            let signed = url.hasPrefix("http") ? "ws" + url.dropFirst(4) : url
            headers.append(("X-Twilio-Signature", RequestSignature.sign(url: signed, parameters: .init(), authToken: authToken)))
        }
        return headers
    }

    private var streamConfiguration: TwinStream.Configuration {
        let pairs = stream.parameters.map { ($0.name, $0.value) }
        let start = StreamStart(
            accountSid: call.configuration.accountSid,
            callSid: call.configuration.callSid,
            streamSid: streamSid,
            customParameters: Dictionary(pairs, uniquingKeysWith: { _, last in last })
        )
        let remainingMs = max(0, call.configuration.maximumSeconds * 1000 - call.log.nowMs)
        return .init(
            start: start,
            isTwoWay: isTwoWay,
            persona: call.configuration.persona,
            background: call.configuration.background,
            loopback: call.configuration.loopback,
            maximumFrames: remainingMs / CallerScript.frameMs
        )
    }

    private func callBack(_ event: String) async {
        guard let callback = stream.statusCallback else { return }
        let url = (try? call.webhooks.routing.resolve(callback, against: documentURL ?? "")) ?? callback
        await call.callBack(
            url,
            [
                .init("AccountSid", call.configuration.accountSid), .init("CallSid", call.configuration.callSid), .init("StreamSid", streamSid),
                .init("StreamName", stream.name ?? streamSid), .init("StreamEvent", event), .init("Timestamp", Timestamps.iso8601()),
            ]
        )
    }
}
