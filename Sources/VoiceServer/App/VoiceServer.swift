import Conversation
import CoreMetrics
import Diagnostics
import Engines
import Foundation
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import ServiceLifecycle
import Twilio
import UnixSignals

/// The server: everything put together from its settings.
package struct VoiceServer: Sendable {
    /// Told once the server accepts connections: its address and its API token.
    package typealias Announcement = @Sendable (_ address: String, _ token: String) -> Void

    /// How long, after the drain, connections may take to end before they are cut.
    private static let lastPatience = Duration.seconds(10)

    private let configuration: ServerConfiguration
    private let version: ProgramVersion
    private let data: DataDirectory
    private let token: String
    private let log: EventLog
    private let fleet: Fleet?
    private let gate = EngineGate()
    private let services: SpeechAndChat
    private let book: AgentBook
    private let desk: AgentDesk
    /// Calls people for callers; nil without Twilio's REST API.
    private let transfers: TransferDesk?
    private let commands: CommandDesk
    private let address: WebhookAddress
    private let loader: EngineLoader
    let directory: CallDirectory
    private let registry = PrometheusRegistry()
    private let metrics: ServerMetrics
    private let guardian: TwilioGuard
    /// How often refusals are logged.
    private let refusals = LineLimit()
    private let notFound: NotFoundLog
    private let retention: Retention
    private let erasure: CallerErasure
    /// How running calls do.
    let health: ServerHealth
    /// The threads of all connections.
    private static let eventLoops = MultiThreadedEventLoopGroup.singleton
    /// Where calls live: on the event loops of the application.
    private let loops: CallLoops
    private let trail: AuditTrail
    private let audit: Audit
    private let auditedSettings: AuditedSettings
    private let logger: Logger
    private let stopRequest = StopRequest()
    private let identity: TLSIdentity?
    /// Bounds on what connections may take; tests make them narrower.
    var limits: ConnectionLimits
    /// How patient media sockets are.
    var patience = MediaStreamSocket.Patience()
    /// How often the certificate's files are looked at.
    var renewalInterval = TLSRenewal.interval

    /// Opens the store and checks all settings; throws ``StartError`` naming what is wrong.
    ///
    /// `version` is what `/healthz` says of the program. `probeExecutable` is the program that tries models first; nil loads them untried.
    package init(_ configuration: ServerConfiguration, version: ProgramVersion, probeExecutable: String?) throws(StartError) {
        try self.init(configuration, version: version, probeExecutable: probeExecutable, logWriter: .standardError)
    }

    /// Opens the store and checks all settings; the log goes to `logWriter`.
    init(
        _ configuration: ServerConfiguration,
        version: ProgramVersion,
        probeExecutable: String?,
        logWriter: LogWriter
    ) throws(StartError) {
        self.configuration = configuration
        self.version = version
        let mask = NumberMask(isOn: configuration.maskNumbers, hidesWords: !configuration.logsTranscripts)
        logger = Logger(label: "agentos") { _ in
            LineLogHandler(level: configuration.logLevel, format: configuration.logFormat, mask: mask, writer: logWriter)
        }
        let failures = ServiceFailures(factory: registry, logger: logger)
        services = SpeechAndChat(configuration.openAI) { failures.note(stage: $0, message: $1) }
        book = AgentBook(configuration.agentFile)
        address = WebhookAddress(configuration.publicURL)
        loader = try EngineLoader(
            configuration,
            probeExecutable: probeExecutable,
            services: services,
            gate: gate,
            stopRequest: stopRequest,
            metricsFactory: registry,
            logger: logger
        )
        identity = if let files = configuration.tls { try TLSIdentity(files) } else { nil }
        limits = ConnectionLimits(descriptors: DescriptorLimit.raise())
        data = try DataDirectory(configuration.dataDirectory)
        try data.lock()
        token = if let given = configuration.apiToken { given } else { try data.apiToken() }
        let store = try data.openStore()
        metrics = ServerMetrics(factory: registry)
        notFound = NotFoundLog(metrics: metrics, logger: logger)
        metrics.expectCalls(of: book.agents.map(\.name) + [AgentDefinition.usual.name])
        Gauge(.buildInfo, [("version", ProgramVersion.number), ("commit", version.commit)], factory: registry).record(1)
        let node = configuration.redis == nil ? "" : try data.nodeID()
        fleet = configuration.redis.map { [registry, logger] address in
            Fleet(node: node, address: address, keepDays: configuration.keepDays, local: store, metricsFactory: registry, logger: logger)
        }
        log = EventLog(store: fleet?.store ?? store, tellsAll: fleet == nil, metrics: metrics, logger: logger)
        let writer = try data.openAudit()
        trail = AuditTrail(writer, metrics: AuditMetrics(factory: registry), logger: logger)
        audit = Audit(logger: logger, mask: mask, trail: trail)
        let telephony = configuration.telephony(address)
        transfers = telephony.map { [token, log, audit, logger] in
            TransferDesk(telephony: $0, secret: token, log: log, audit: audit, logger: logger)
        }
        desk = AgentDesk(
            settings: configuration,
            book: book,
            services: services,
            telephony: telephony,
            transfers: transfers,
            writeDown: { [log] session in await log.isDurable(session) },
            countTokens: { [metrics] agent, usage in metrics.countTokens(agent, prompt: usage.prompt, completion: usage.completion) }
        )
        health = ServerHealth(limits: configuration.overload, gate: gate, factory: registry, logger: logger)
        loops = CallLoops(Self.eventLoops) { [health] in health.noteTick(lateMs: $0) }
        let removal = SessionRemoval(store: store, journals: data.journals)
        retention = Retention(removal: removal, keepDays: configuration.keepDays, logger: logger)
        erasure = CallerErasure(removal: removal) { [trail] in _ = try await trail.eraseCaller($0) }
        let inForce = configuration.given.merging([.apiToken: token]) { _, used in used }
        auditedSettings = AuditedSettings(inForce, digest: writer.keys.digest)
        directory = CallDirectory(
            log: log,
            secret: token,
            assign: { [desk, loader] number in
                let agent = desk.agent(forNumber: number)
                return CallAssignment(project: agent.project, agent: agent.name, sttProvider: agent.hearing == nil ? loader.sttProvider : "openai")
            },
            desk: AdmissionDesk(policy: configuration.admission, health: health),
            resumeGrace: .seconds(configuration.resumeSeconds),
            ownership: fleet,
            telephony: telephony,
            transfers: transfers,
            metrics: metrics,
            audit: audit,
            logger: logger
        )
        commands = CommandDesk(directory: directory, agents: desk, log: log, audit: audit)
        let tokens = configuration.twilioAuthTokens
        guardian = TwilioGuard(
            configuredURL: configuration.publicURL,
            isSecured: configuration.tls != nil,
            signature: tokens.isEmpty ? nil : RequestSignature(authTokens: tokens),
            accountSid: configuration.twilioAccountSid
        )
    }

    /// The file that holds the API token; nil where a setting gives it.
    package var tokenFile: String? { configuration.apiToken == nil ? data.tokenFile : nil }

    /// Serves until SIGTERM or SIGINT, then drains; throws ``StartError`` when it cannot serve.
    package func run(announce: @escaping Announcement) async throws {
        // What goes wrong inside the group is reported by its error alone, in one line.
        var quiet = logger
        quiet.logLevel = .critical
        trail.begin(auditedSettings)
        for line in StartSummary(configuration, version: version).lines {
            logger.log(level: line.level, "\(line.message)", metadata: line.fields.mapValues(Logger.MetadataValue.string))
        }
        for remark in configuration.remarks { logger.log(level: remark.level == .notice ? .notice : .warning, "\(remark.message)") }
        let sharing = fleet.map { FleetService(fleet: $0, log: log, holder: directory, erasure: erasure) }
        let expiry = SessionExpiry(log: log, directory: directory, logger: logger)
        // They stop in the opposite order: the trail last, and before it what is shared, since what happens at the end is shared, too.
        var services: [any Service] = [trail]
        if let sharing { services.append(sharing) }
        var loader = loader
        loader.onLoaded = { await prepareAll() }
        services.append(log)
        if let transfers {
            await transfers.attach(directory)
            services.append(transfers)
        }
        services += [expiry, retention, health, application(announce), self.services, loader, drain] as [any Service]
        if let file = configuration.file {
            services.append(
                AgentFileWatch(file, book: book, environment: configuration.fileEnvironment, languages: loader.languages, logger: logger) {
                    [self] _ in await prepareAll()
                }
            )
        }
        if let identity { services.append(TLSRenewal(identity: identity, interval: renewalInterval, logger: logger)) }
        var group = ServiceGroupConfiguration(
            services: services.map { .init(service: $0, successTerminationBehavior: .ignore) }
                + [.init(service: stopRequest, successTerminationBehavior: .gracefullyShutdownGroup)],
            gracefulShutdownSignals: [.sigterm, .sigint],
            logger: quiet
        )
        // Whatever a peer does to hold a connection open, the process goes.
        group.maximumGracefulShutdownDuration = .seconds(configuration.drainSeconds) + Self.lastPatience
        defer { LogWriter.standardError.flush() }
        do {
            await sharing?.prepare()
            let left = try await StaleSessions.takeOver(in: log.store, audit: audit)
            if !left.isEmpty { logger.warning("A server died with these calls; they may come back", metadata: ["sessions": "\(left.count)"]) }
            await resume(left)
            try await ServiceGroup(configuration: group).run()
            if let failure = await gate.failure { throw (failure as? EngineError).map { StartError($0) } ?? failure }
        } catch let error where error is IOError || error is SocketAddressError.UnknownHost {
            let address = "\(configuration.host):\(configuration.port)"
            throw StartError(.unavailable, "cannot listen on \(address): \(ErrorText.of(error)) (--host and --port say where)")
        }
    }

    /// Waits for calls that a server left behind, and takes up what it was doing for them.
    private func resume(_ left: [(session: String, loss: LineLoss)]) async {
        let sessions = left.map(\.session)
        let meeting = await transfers?.recover(sessions) { [desk] in desk.agent(forNumber: $0.to) } ?? []
        await directory.awaitReturn(of: left.map { ($0.session, meeting.contains($0.session) ? .transferring : $0.loss) })
        await transfers?.ask(after: sessions)
    }

    /// Has what all agents say in the same words again and again made ready.
    private func prepareAll() async {
        guard let loaded = await gate.engines else { return }
        for agent in desk.agents { desk.prepare(agent, loaded: loaded) }
    }

    /// Stops a running server as SIGTERM does.
    package func stop() {
        stopRequest.make()
    }

    private var drain: DrainService {
        DrainService(directory: directory, limit: .seconds(configuration.drainSeconds), logger: logger)
    }

    private func application(_ announce: @escaping Announcement) -> some Service {
        var quiet = logger
        quiet.logLevel = max(.warning, configuration.logLevel)
        let room = WaitingRoom(size: limits.waiting) { [metrics] in metrics.cut(.crowded) }
        let routes = routes
        let requests = RequestMetrics(routes: routes, factory: registry)
        return Application(
            router: router(of: routes, counting: requests),
            server: HTTPServerBuilder { responder in
                SecuredChannel(plain: connections(responder, room: room, counting: requests), identity: identity)
            },
            configuration: .init(
                address: .hostname(configuration.host, port: configuration.port),
                availableConnectionsDelegate: MaximumAvailableConnections(limits.connections, logger: quiet)
            ),
            onServerRunning: { [configuration, token, loader, guardian, desk, logger] channel in
                if guardian.signature == nil {
                    logger.warning("Webhooks are open to anyone: set TWILIO_AUTH_TOKEN to accept Twilio's alone")
                }
                desk.warnOfMissingAccount(logger)
                desk.noteUnlistedLanguages(logger)
                loader.start.give()
                let host = configuration.host.contains(":") ? "[\(configuration.host)]" : configuration.host
                announce("\(configuration.tls == nil ? "http" : "https")://\(host):\(channel.localAddress?.port ?? configuration.port)", token)
            },
            eventLoopGroupProvider: .shared(Self.eventLoops),
            logger: quiet
        )
    }

    /// What becomes of a connection: HTTP, or a media socket.
    private func connections(
        _ responder: @escaping HTTPChannelHandler.Responder,
        room: WaitingRoom,
        counting requests: RequestMetrics
    ) -> WebSocketUpgradeChannel<StreamAdmission> {
        WebSocketUpgradeChannel(
            http: HTTP1Channel(responder: responder),
            limits: limits,
            room: room,
            isSecured: identity != nil,
            noteCut: { [metrics] in metrics.cut($0) },
            decide: { [gate = streamGate] head, channel in
                let decision = await gate.decide(head, channel)
                requests.noteHandshake(head.uri, status: decision.status)
                return decision
            },
            noteFault: { [logger] admission, error in
                logger.warning("A media socket failed", metadata: ["session_id": "\(admission.sessionID)", "error": "\(ErrorText.of(error))"])
            },
            open: { [media] channel, admission in
                let socket = try MediaStreamSocket(channel, service: media, admission: admission)
                return { await socket.run() }
            }
        )
    }

    private var streamGate: StreamGate {
        StreamGate(
            directory: directory,
            guardian: guardian,
            refusals: refusals,
            notFound: notFound,
            metrics: metrics,
            audit: audit,
            logger: logger
        )
    }

    private var media: MediaStreamService {
        MediaStreamService(
            directory: directory,
            log: log,
            engines: gate,
            desk: desk,
            loops: loops,
            journals: configuration.journal == .on ? data.journals : nil,
            streamMode: configuration.streamMode,
            streamEvents: configuration.streamEvents,
            isSecured: guardian.signature != nil,
            metrics: metrics,
            audit: audit,
            logger: logger,
            patience: patience
        )
    }

    private var twilioRoutes: TwilioRoutes {
        TwilioRoutes(
            directory: directory,
            transfers: transfers,
            guardian: guardian,
            address: address,
            voice: { [desk, configuration] number in
                LineVoice(number.map { desk.agent(forNumber: $0) } ?? desk.usualAgent, welcome: configuration.welcome)
            },
            prepare: { [desk, gate, loops] session in
                loops.steer()
                guard let loaded = await gate.engines else { return }
                desk.prepare(desk.agent(forNumber: session.to), loaded: loaded)
            },
            streamMode: configuration.streamMode,
            refusalMode: configuration.refusal,
            longestCallSeconds: configuration.longestCallSeconds,
            refusals: refusals,
            metrics: metrics,
            audit: audit,
            logger: logger
        )
    }

    private var routes: RouteTable {
        let checks = HealthRoutes(version: version, gate: gate, directory: directory, health: health, fleet: fleet)
        let api = APIRoutes(log: log, audit: audit)
        let control = CommandRoutes(desk: commands, log: log)
        let callers = CallerRoutes(erasure: erasure, fleet: fleet, audit: audit, logger: logger)
        return RouteTable(
            open: checks.routes + twilioRoutes.routes,
            guarded: api.routes + control.routes + callers.routes + MetricsRoute(registry: registry).routes + DashboardRoute().routes
        )
    }

    private func router(of routes: RouteTable, counting requests: RequestMetrics) -> Router<ServerContext> {
        notFound.know(routes.all.map(\.path))
        return routes.router(
            [NotFoundMiddleware(log: notFound), requests, SecurityHeaders(), ProblemAnswers(routes: routes, logger: logger)],
            guardian: BearerTokenMiddleware(token: token, metrics: metrics, audit: audit)
        )
    }
}
