import Conversation
import Diagnostics
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Twilio

/// Twilio's webhooks: a call comes in, and what becomes of it.
struct TwilioRoutes: Sendable {
    /// Bytes of a webhook's body; Twilio's are a few hundred, but a large one it signed is still a call.
    static let mostBytes = 2 * 1024 * 1024
    /// Characters of a caller's or callee's address that are kept; SIP addresses are the longest.
    static let longestAddress = 512

    let directory: CallDirectory
    /// Calls people for callers; nil without Twilio's REST API.
    let transfers: TransferDesk?
    let guardian: TwilioGuard
    /// Told where Twilio finds this server.
    let address: WebhookAddress
    /// What is said in Twilio's voice to callers of a number.
    let voice: @Sendable (_ number: String?) -> LineVoice
    /// Has what will be said first made ready.
    let prepare: @Sendable (_ session: SessionRecord) async -> Void
    let streamMode: StreamMode
    /// What callers get whom the policy refuses.
    let refusalMode: RefusalMode
    /// How long a call may take, in seconds.
    let longestCallSeconds: Int
    /// How often refusals are logged.
    let refusals: LineLimit
    let metrics: ServerMetrics
    let audit: Audit
    let logger: Logger

    /// A webhook whose signature is good.
    private struct Webhook {
        var base: PublicURL
        var parameters: WebhookParameters
    }

    /// The routes; each checks Twilio's signature.
    ///
    /// Twilio sends `GET` or `POST`, as the number's configuration says.
    var routes: [Route] {
        let webhooks: [[Route]] = [
            both("/api/voice/twilio/inbound") { request, context in try await inbound(request, context) },
            both("/api/voice/twilio/status") { request, context in
                try await callback(request, context) { try await callStatus($0) }
            },
            both("/api/voice/twilio/stream-status") { request, context in
                try await callback(request, context) { streamStatus($0) }
            },
            both("/api/voice/twilio/recording-status") { request, context in
                try await callback(request, context) { recordingStatus($0) }
            },
            both("/api/voice/twilio/dial-status") { request, context in try await dialStatus(request, context) },
            both("/api/voice/twilio/accept") { request, context in try await accept(request, context) },
            both("/api/voice/twilio/amd-status") { request, context in
                try await callback(request, context) { try await transfers?.judged($0) }
            },
            both("/api/voice/twilio/conference-status") { request, context in
                try await callback(request, context) { try await transfers?.met($0) }
            },
        ]
        let socket = Route.get("/api/voice/twilio/stream/:id", query: .any) { _, _ in
            // An upgrade is decided before routing; what comes here is a plain request, or not the connection's first.
            let headers: HTTPFields = [.upgrade: "websocket", .connection: "close"]
            throw Problem(.upgradeRequired, "this is a WebSocket; ask for it in a connection's first request", headers: headers)
        }
        return webhooks.flatMap(\.self) + [socket]
    }

    private func both(_ path: String, _ handle: @escaping Route.Handler) -> [Route] {
        [.get(path, query: .any, handle), .post(path, query: .any, handle)]
    }

    private func inbound(_ request: Request, _ context: ServerContext) async throws -> Response {
        let webhook: Webhook
        do {
            webhook = try await read(request, context)
        } catch let refusal as Refusal {
            return refuse(refusal, request)
        }
        do {
            let call = try InboundCallRequest(webhook.parameters)
            guard max(call.from.count, call.to.count) <= Self.longestAddress else {
                throw WebhookError(.badAddress, parameters: ["From", "To"], "From or To is longer than \(Self.longestAddress) characters")
            }
            audit.record(.webhookAccepted("inbound", call: call.callSid))
            address.note(webhook.base)
            return try await twiML(for: call, base: webhook.base)
        } catch let error as WebhookError {
            let answer = refuse(Refusal(.badParameters, error.message), request, call: webhook.parameters["CallSid"])
            return error.code == .missingParameters ? answer : apology(to: webhook.parameters["To"])
        } catch {
            logger.error("A call could not be taken", metadata: ["error": "\(ErrorText.of(error))"])
            return apology(to: webhook.parameters["To"])
        }
    }

    private func twiML(for call: InboundCallRequest, base: PublicURL) async throws -> Response {
        switch try await directory.admit(call) {
        case .draining:
            return turnAway(call, .draining)
        case .storeFailing:
            return turnAway(call, .storeFailing)
        case .refused(let reason):
            return turnAway(call, reason)
        case let admission:
            return await document(for: admission, base: base, number: call.to)
        }
    }

    /// A `<Dial>` has ended: says where the call goes on.
    private func dialStatus(_ request: Request, _ context: ServerContext) async throws -> Response {
        do {
            let webhook = try await read(request, context)
            guard let result = DialResult(webhook.parameters) else { throw Refusal(.badParameters, "CallSid is missing or is no call's id") }
            audit.record(.webhookAccepted("dial-status", call: result.callSid))
            address.note(webhook.base)
            return await document(for: try await directory.dialEnded(result), base: webhook.base, number: webhook.parameters["To"])
        } catch let refusal as Refusal {
            return refuse(refusal, request)
        } catch {
            logger.error("A call could not be taken back", metadata: ["error": "\(ErrorText.of(error))"])
            return apology(to: nil)
        }
    }

    /// A person who was called for a caller has answered, or has pressed a key.
    private func accept(_ request: Request, _ context: ServerContext) async throws -> Response {
        do {
            let webhook = try await read(request, context)
            audit.record(.webhookAccepted("accept", call: webhook.parameters["CallSid"]))
            address.note(webhook.base)
            guard let transfers else { throw Refusal(.badParameters, "this server does not call people: it has no access to Twilio's REST API") }
            return Response(try await transfers.answered(webhook.parameters))
        } catch let refusal as Refusal {
            return refuse(refusal, request)
        } catch {
            logger.error("Somebody who was called could not be answered", metadata: ["error": "\(ErrorText.of(error))"])
            return Response(InboundTwiML.hangUp)
        }
    }

    /// What Twilio is to do with a call that was let in before.
    private func document(for admission: CallDirectory.Admission, base: PublicURL, number: String?) async -> Response {
        switch admission {
        case .admitted(let admitted):
            if let meeting = await transfers?.meeting(of: admitted.session.id) {
                // Somebody has taken the call, and the server went away before the two were connected.
                await directory.wait(for: admitted.session.id, after: .transferring)
                return Response(meeting)
            }
            await prepare(admitted.session)
            let document = InboundTwiML.connect(
                session: admitted.session,
                token: admitted.token,
                mode: streamMode,
                base: base,
                longestCallSeconds: longestCallSeconds,
                voice: voice(admitted.session.to)
            )
            return Response(document)
        case .ended(let wasLost):
            return Response(wasLost ? InboundTwiML.farewell(.lost, voice(number)) : InboundTwiML.hangUp)
        case .comeBack, .draining, .storeFailing, .refused:
            return Response(InboundTwiML.comeBack(base: base))
        }
    }

    /// Refuses a new call: all refusals are counted and written down here.
    private func turnAway(_ call: InboundCallRequest, _ reason: RefusalReason) -> Response {
        metrics.refused(reason)
        audit.record(.callRefused(call: call.callSid, from: call.from, to: call.to, reason: reason.rawValue))
        logger.warning("A call was refused", metadata: ["reason": "\(reason.rawValue)", "call_sid": "\(call.callSid)", "from": "\(call.from)"])
        return Response(InboundTwiML.refusal(reason, mode: refusalMode, voice: voice(call.to)))
    }

    private func apology(to number: String?) -> Response { Response(InboundTwiML.farewell(.error, voice(number))) }

    /// Reads a webhook and checks who sent it.
    private func read(_ request: Request, _ context: ServerContext) async throws -> Webhook {
        let signature = request.headers[.twilioSignature]
        let host = request.head.authority
        guard let base = guardian.base(host: host, forwardedProto: request.headers[.forwardedProto], peer: context.peer) else {
            throw Refusal(.badParameters, "the Host header is missing or not a host")
        }
        let path = request.uri.string
        let query = request.uri.query.map { WebhookParameters(formEncoded: Array($0.utf8)) } ?? WebhookParameters()
        guard ![.get, .head].contains(request.method) else {
            guard guardian.accepts(signature, base: base, pathAndQuery: path, parameters: WebhookParameters()) else {
                throw unsigned(request, base, .form(WebhookParameters()), query)
            }
            return Webhook(base: base, parameters: query)
        }
        let body = try await read(request.body)
        let isForm = request.headers[.contentType]?.lowercased().hasPrefix("application/json") != true
        let form = isForm ? WebhookParameters(formEncoded: body) : WebhookParameters()
        let isGenuine =
            isForm
            ? guardian.accepts(signature, base: base, pathAndQuery: path, parameters: form)
            : guardian.accepts(signature, base: base, pathAndQuery: path, body: body)
        let parameters = WebhookParameters(form.pairs + query.pairs)
        guard isGenuine else { throw unsigned(request, base, isForm ? .form(form) : .body(body), parameters) }
        return Webhook(base: base, parameters: parameters)
    }

    private func unsigned(_ request: Request, _ base: PublicURL, _ content: SignatureFault.Content, _ parameters: WebhookParameters) -> Refusal {
        guardian.unsigned(
            request.headers[.twilioSignature],
            base: base,
            target: request.uri.string,
            content,
            from: SignatureFault.Address(
                host: request.head.authority,
                forwardedHost: request.headers[.forwardedHost],
                forwardedPort: request.headers[.forwardedPort]
            ),
            callSid: parameters["CallSid"],
            account: parameters["AccountSid"]
        )
    }

    private func read(_ body: RequestBody) async throws -> [UInt8] {
        do {
            return Array(buffer: try await body.collect(upTo: Self.mostBytes))
        } catch is NIOTooManyBytesError {
            throw Refusal(.tooLarge, "the body is larger than \(Self.mostBytes) bytes")
        }
    }

    /// The last part of a webhook's path, one of those above.
    private static func route(_ request: Request) -> String {
        request.uri.path.split(separator: "/").last.map(String.init) ?? ""
    }

    private func refuse(_ refusal: Refusal, _ request: Request, call: String? = nil) -> Response {
        metrics.refused(refusal.reason)
        audit.record(.webhookRefused(Self.route(request), refusal, call: call))
        refusals.write("A webhook was refused", refusal, to: logger)
        let status: HTTPResponse.Status =
            switch refusal.reason {
            case .badSignature, .badToken: .forbidden
            case .tooLarge: .contentTooLarge
            default: .badRequest
            }
        return Response(error: refusal.message, code: refusal.reason.rawValue, status: status)
    }

    private func callback(
        _ request: Request,
        _ context: ServerContext,
        _ take: (WebhookParameters) async throws -> Void
    ) async throws -> Response {
        do {
            let parameters = try await read(request, context).parameters
            audit.record(.webhookAccepted(Self.route(request), call: parameters["CallSid"]))
            try await take(parameters)
        } catch let refusal as Refusal {
            return refuse(refusal, request)
        }
        return Response(status: .noContent)
    }

    /// A call's progress; callbacks may come late and out of order, and of a caller's own call only the end means anything here.
    private func callStatus(_ parameters: WebhookParameters) async throws {
        if try await transfers?.progressed(parameters) == true { return }
        guard let callSid = parameters["CallSid"], InboundCallRequest.isCallSid(callSid), let status = parameters["CallStatus"] else { return }
        guard CallStatus.isOver(status) else { return }
        do {
            _ = try await directory.end("twilio-\(callSid)", reason: "call_\(status)")
        } catch let error as FleetError {
            logger.warning("The end of a call could not be passed on", metadata: ["call_sid": "\(callSid)", "error": "\(ErrorText.of(error))"])
        }
    }

    private func streamStatus(_ parameters: WebhookParameters) {
        let metadata: Logger.Metadata = [
            "call_sid": "\(parameters["CallSid"] ?? "")", "stream_sid": "\(parameters["StreamSid"] ?? "")",
            "event": "\(parameters["StreamEvent"] ?? "")", "error": "\(parameters["StreamError"] ?? "")",
        ]
        let isError = parameters["StreamEvent"] == "stream-error"
        logger.log(level: isError ? .warning : .info, "Twilio tells of a stream", metadata: metadata)
    }

    private func recordingStatus(_ parameters: WebhookParameters) {
        logger.info(
            "Twilio tells of a recording",
            metadata: [
                "call_sid": "\(parameters["CallSid"] ?? "")", "recording_sid": "\(parameters["RecordingSid"] ?? "")",
                "status": "\(parameters["RecordingStatus"] ?? "")",
            ]
        )
    }
}

extension HTTPField.Name {
    /// `X-Twilio-Signature`.
    static let twilioSignature = Self.named("X-Twilio-Signature")
    /// `X-Forwarded-Host`.
    static let forwardedHost = Self.named("X-Forwarded-Host")
    /// `X-Forwarded-Port`.
    static let forwardedPort = Self.named("X-Forwarded-Port")
    /// `X-Forwarded-Proto`.
    static let forwardedProto = Self.named("X-Forwarded-Proto")

    /// A header's name; the text must be a token.
    static func named(_ name: String) -> Self {
        guard let field = Self(name) else { preconditionFailure("\(name) is a token") }
        return field
    }
}
