import AsyncHTTPClient
import Diagnostics
import Foundation
import NIOCore
import NIOHTTP1
import Twilio
import VoiceServer

/// Looks at what the server needs of others: services, the hosts of tools, Twilio, and the public address that leads back to it.
struct NetworkFindings: Sendable {
    private static let patience = TimeAmount.seconds(15)
    private static let longestAnswer = 1 << 20
    private static let unreachable = "Twilio cannot reach this server, so callers hear Twilio's error message"
    private static let refused = "Twilio's requests are refused, so callers hear Twilio's error message"

    let settings: ServerConfiguration
    /// Whether a server of this kind runs at the address that is set.
    let isRunning: Bool

    private var uses: ServiceFindings { ServiceFindings(uses: settings.serviceUses) }

    /// All of them; what depends on different hosts is asked at the same time.
    func all(_ http: HTTPClient) async -> [Finding] {
        async let services = ofServices(http)
        async let account = twilio(http)
        async let address = publicAddress(http)
        async let redis = redis()
        return await services + redis + account + address
    }

    /// Those of the services and tools that agents use.
    func ofServices(_ http: HTTPClient) async -> [Finding] {
        async let services = uses.all(http)
        async let hosts = tools()
        return await services + hosts
    }

    /// What can be said without the network, and what cannot.
    var untested: [Finding] {
        let account = credentials + (hasAccount ? [Finding(.untested, "Twilio", "whether Twilio knows the account")] : [])
        let address = settings.publicAddress.map { Finding(.untested, "public address", "whether \($0) leads to this server") }
        let redis = RedisProbe(settings).map { [Finding(.untested, "Redis", "whether \($0.place) answers")] } ?? []
        return untestedServices + redis + account + [address ?? noPublicAddress]
    }

    // MARK: Redis

    private func redis() async -> [Finding] {
        guard let probe = RedisProbe(settings) else { return [] }
        guard let problem = await probe.problem() else { return [Finding(.ok, "Redis", "\(probe.place) answers")] }
        let effect = "servers know each other's calls only when Redis is there"
        return [Finding(.warning, "Redis", "\(probe.place) cannot be used: \(problem)", effect: effect)]
    }

    /// What cannot be said of services and tools without the network.
    var untestedServices: [Finding] {
        let hosts = toolHosts.map(\.host)
        return uses.untested + (hosts.isEmpty ? [] : [Finding(.untested, "tools", "whether \(hosts.joined(separator: ", ")) can be found")])
    }

    // MARK: Tools

    private var toolHosts: [(host: String, tools: [String])] {
        settings.toolsInUse.reduce(into: []) { hosts, tool in
            guard let host = URLComponents(string: tool.url.replacing(/\{[^{}]*\}/, with: "x"))?.host else { return }
            if let index = hosts.firstIndex(where: { $0.host == host }) {
                hosts[index].tools.append(tool.name)
            } else {
                hosts.append((host, [tool.name]))
            }
        }
    }

    private func tools() async -> [Finding] {
        var findings: [Finding] = []
        for (host, names) in toolHosts {
            let list = "\(names.count == 1 ? "the tool" : "the tools") \(names.joined(separator: ", "))"
            if let problem = await HostName.problem(host) {
                let effect = "\(list) \(names.count == 1 ? "fails" : "fail") when called"
                findings.append(Finding(.warning, "tools", "\(list): the name \(host) \(problem)", effect: effect))
            } else {
                findings.append(Finding(.ok, "tools", "\(host) is found (\(list))"))
            }
        }
        return findings
    }

    // MARK: Twilio

    private var hasAccount: Bool { settings.twilioAccountSid != nil && !settings.twilioAuthTokens.isEmpty }

    /// What the credentials alone tell.
    private var credentials: [Finding] {
        guard let token = settings.twilioAuthTokens.first else {
            let text = "TWILIO_AUTH_TOKEN is not set: webhooks are open to anyone; set it to the auth token of your Twilio account"
            return [Finding(.note, "Twilio", text)]
        }
        var findings: [Finding] = []
        if let problem = TwilioCredential.problem(authToken: token) {
            findings.append(Finding(.error, "Twilio", "TWILIO_AUTH_TOKEN \(problem)", effect: Self.refused))
        }
        if let sid = settings.twilioAccountSid {
            if let problem = TwilioCredential.problem(accountSid: sid) {
                findings.append(Finding(.warning, "Twilio", "TWILIO_ACCOUNT_SID \(problem)", effect: "transfers and keys fail"))
            }
        } else {
            let text = "TWILIO_ACCOUNT_SID is not set: TWILIO_AUTH_TOKEN was not tried, and agents can neither transfer callers nor press keys"
            findings.append(Finding(.note, "Twilio", text))
        }
        return findings
    }

    private func twilio(_ http: HTTPClient) async -> [Finding] {
        guard let sid = settings.twilioAccountSid, let token = settings.twilioAuthTokens.first else { return credentials }
        var request = HTTPClientRequest(url: settings.twilioAPI + AccountResource.path(sid))
        let authorization = Data("\(sid):\(token)".utf8).base64EncodedString()
        request.headers = ["Authorization": "Basic \(authorization)", "Accept": "application/json", "User-Agent": "agentos"]
        do {
            let response = try await http.execute(request, timeout: Self.patience)
            let body = Array(try await response.body.collect(upTo: Self.longestAnswer).readableBytesView)
            return account(sid, status: Int(response.status.code), body)
        } catch {
            let text = "\(settings.twilioAPI) cannot be asked: \(ErrorText.of(error)); the account was not tried"
            return credentials + [Finding(.warning, "Twilio", text, effect: "transfers and keys fail")]
        }
    }

    private func account(_ sid: String, status: Int, _ body: [UInt8]) -> [Finding] {
        switch status {
        case 200..<300:
            let state = AccountResource(json: body)?.status ?? "active"
            guard state == "active" else {
                return [Finding(.error, "Twilio", "the account \(sid) is \(state); see Twilio's console", effect: "Twilio connects no calls")]
            }
            return [Finding(.ok, "Twilio", "the account \(sid) is active and its token is right: only requests that Twilio signed are taken")]
        case 401, 403, 404:
            let words = TwilioRESTError(status: status, body: body)
            // What is wrong with their form says more.
            let form = credentials.filter { $0.level == .error || $0.level == .warning }
            let text = "TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN do not belong together (\(words)); copy both from Twilio's console"
            return form + [Finding(.error, "Twilio", text, effect: Self.refused)]
        default:
            let words = TwilioRESTError(status: status, body: body)
            return credentials + [Finding(.untested, "Twilio", "whether Twilio knows the account: \(settings.twilioAPI) answered \(words)")]
        }
    }

    // MARK: The public address

    private var noPublicAddress: Finding {
        let text = "AGENTOS_PUBLIC_URL is not set: the Host header is believed; behind a proxy set it to your https address"
        return Finding(.note, "public address", text)
    }

    private func publicAddress(_ http: HTTPClient) async -> [Finding] {
        guard let address = settings.publicAddress else { return [noPublicAddress] }
        let found: Finding
        do {
            let response = try await http.execute(HTTPClientRequest(url: "\(address)/healthz"), timeout: Self.patience)
            let body = try await response.body.collect(upTo: Self.longestAnswer)
            let target = response.headers.first(name: "Location")
            found = leads(address, status: Int(response.status.code), Data(body.readableBytesView), target: target)
        } catch {
            let text = "\(address) cannot be reached: \(ErrorText.of(error))"
            let isOwn = settings.tlsCertificate != nil && !isRunning && ConnectionFault(error)?.kind == .refused
            found =
                isOwn
                ? Finding(.untested, "public address", "\(text); run `agentos doctor` again beside the running server")
                : Finding(.error, "public address", "\(text); start the proxy or tunnel, or fix AGENTOS_PUBLIC_URL", effect: Self.unreachable)
        }
        guard address.hasPrefix("http:") else { return [found] }
        return [found, Finding(.note, "public address", "\(address) is not https: Twilio opens media streams with TLS alone")]
    }

    /// Where the public address leads, by the answer of its `/healthz`.
    private func leads(_ address: String, status: Int, _ body: Data, target: String?) -> Finding {
        let subject = "public address"
        let words = (try? JSONDecoder().decode([String: String].self, from: body)) ?? [:]
        if status == 200, words["status"] == "ok", let version = words["version"], let commit = words["commit"] {
            let isThis = version == ProgramVersion.number && commit == ThisProgram.version.commit
            let text = "\(address) leads to agentos \(version) (\(commit))"
            return isThis ? Finding(.ok, subject, text) : Finding(.note, subject, "\(text), and this program is \(ThisProgram.version)")
        }
        if [502, 503, 504].contains(status), !isRunning {
            let text = "\(address) answers HTTP \(status), as a proxy does while the server is not running; run `agentos doctor` again beside it"
            return Finding(.untested, subject, text)
        }
        if (300..<400).contains(status) {
            let text = "\(address) redirects to \(target ?? "another address"); set AGENTOS_PUBLIC_URL to the address that answers itself"
            return Finding(.error, subject, text, effect: Self.unreachable)
        }
        let text = "\(address) answers HTTP \(status) and is not this server; have the proxy or tunnel lead to \(settings.host):\(settings.port)"
        return Finding(.error, subject, text, effect: Self.unreachable)
    }
}

/// The name of a host.
enum HostName {
    private static let patience = Duration.seconds(5)

    /// Why a name does not lead to a host; nil where it does.
    static func problem(_ name: String) async -> String? {
        let (answers, answer) = AsyncStream<String?>.makeStream()
        // The system's own resolver blocks.
        Thread.detachNewThread {
            answer.yield(lookUp(name))
            answer.finish()
        }
        return await withTaskGroup(of: String?.self) { group in
            group.addTask {
                for await problem in answers { return problem }
                return nil
            }
            group.addTask {
                try? await Task.sleep(for: patience)
                return "was not looked up in time; check this machine's DNS"
            }
            defer { group.cancelAll() }
            return await group.next() ?? nil
        }
    }

    private static func lookUp(_ name: String) -> String? {
        let bare = name.hasPrefix("[") ? String(name.dropFirst().dropLast()) : name
        var found: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(bare, nil, nil, &found)
        defer { if let found { freeaddrinfo(found) } }
        guard status != 0 else { return nil }
        return "does not resolve (\(String(cString: gai_strerror(status)))); check its spelling and this machine's DNS"
    }
}
