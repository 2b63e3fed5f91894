import Logging
import ServiceLifecycle

/// Looks at the certificate's files now and then, since those who renew certificates do not restart servers.
struct TLSRenewal: Service {
    /// How often, unless told otherwise; a change is taken over at the second look that sees it.
    static let interval = Duration.seconds(2)

    let identity: TLSIdentity
    var interval = Self.interval
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while (try? await Task.sleep(for: interval)) != nil { note(identity.look()) }
        }
    }

    private func note(_ look: TLSIdentity.Look) {
        switch look {
        case .unchanged: break
        case .replaced:
            logger.notice("The TLS certificate was replaced", metadata: ["file": "\(identity.files.certificate)"])
        case .refused(let problem):
            logger.error("A new TLS certificate is of no use; the old one stays", metadata: ["problem": "\(problem)"])
        }
    }
}
