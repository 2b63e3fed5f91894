import Conversation
import CoreMetrics
import Diagnostics
import HTTPTypes
import Logging
import NIOCore
import NIOHTTP1

/// Decides on a media socket's handshake, before the upgrade.
struct StreamGate: Sendable {
    /// Where media sockets are.
    static let path = "/api/voice/twilio/stream/"

    let directory: CallDirectory
    let guardian: TwilioGuard
    /// How often refusals are logged.
    let refusals: LineLimit
    let notFound: NotFoundLog
    let metrics: ServerMetrics
    let audit: Audit
    let logger: Logger

    /// Accepts or refuses a handshake.
    func decide(_ head: HTTPRequestHead, _ channel: any Channel) async -> WebSocketUpgradeChannel<StreamAdmission>.Decision {
        let path = head.uri.prefix { $0 != "?" && $0 != "#" }
        let signature = head.headers.first(name: "X-Twilio-Signature")
        let isTwilio = TwilioGuard.claimsToBeTwilio(userAgent: head.headers.first(name: "User-Agent"), signature: signature)
        guard path.hasPrefix(Self.path) else {
            notFound.note(.init(method: head.method.rawValue, path: String(path), status: 404, isTwilio: isTwilio, isSocket: true))
            return .refuse(.notFound, "there is no socket at this address")
        }
        let host = head.headers.first(name: "Host")
        let forwarded = head.headers.first(name: "X-Forwarded-Proto")
        guard let base = guardian.base(host: host, forwardedProto: forwarded, peer: channel.remoteAddress) else {
            return refuse(Refusal(.badParameters, "the Host header is missing or not a host"), .badRequest)
        }
        let id = String(path.dropFirst(Self.path.count).prefix { $0 != "/" })
        guard guardian.acceptsHandshake(signature, base: base, path: String(path)) else {
            let refusal = guardian.unsigned(
                signature,
                base: base,
                target: String(path),
                .handshake,
                from: SignatureFault.Address(
                    host: host,
                    forwardedHost: head.headers.first(name: "X-Forwarded-Host"),
                    forwardedPort: head.headers.first(name: "X-Forwarded-Port")
                ),
                callSid: id.hasPrefix("twilio-") ? String(id.dropFirst("twilio-".count)) : nil
            )
            return refuse(refusal, .forbidden)
        }
        return await admit(id, isTwilio: isTwilio)
    }

    private func admit(_ id: String, isTwilio: Bool) async -> WebSocketUpgradeChannel<StreamAdmission>.Decision {
        do {
            switch try await directory.mayConnect(id) {
            case .success(let session): return .accept(.session(session, isTwilio: isTwilio))
            case .failure(let refusal): return answer(refusal, to: id, isTwilio: isTwilio)
            }
        } catch {
            logger.error("A handshake could not be decided", metadata: ["error": "\(ErrorText.of(error))"])
            return .refuse(.internalServerError, "the store cannot be read")
        }
    }

    private func answer(_ refusal: Refusal, to id: String, isTwilio: Bool) -> WebSocketUpgradeChannel<StreamAdmission>.Decision {
        switch refusal.reason {
        case .draining: return refuse(refusal, .serviceUnavailable, session: id)
        case .sessionBusy: return refuse(refusal, .conflict, session: id)
        default:
            guard isTwilio else {
                audit.record(.streamRefused(session: id, refusal))
                return .accept(.unknown(id, message: refusal.message))
            }
            return refuse(refusal, .notFound, session: id)
        }
    }

    private func refuse(
        _ refusal: Refusal,
        _ status: HTTPResponse.Status,
        session: String? = nil
    ) -> WebSocketUpgradeChannel<StreamAdmission>.Decision {
        metrics.refused(refusal.reason)
        if status == .notFound { metrics.notFound.increment() }
        audit.record(.streamRefused(session: session, refusal))
        refusals.write("A media socket was refused", refusal, session: session, to: logger)
        return .refuse(status, refusal.message)
    }
}
