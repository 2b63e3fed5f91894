import AsyncHTTPClient
import Foundation
import VoiceServer

/// Looks at what the server needs beside its engines: a folder, an address, Twilio's token, room for connections.
struct ServerFindings {
    /// Open files from which on a few hundred calls fit.
    private static let comfortableFiles: UInt64 = 4096

    let settings: ServerConfiguration

    /// All of them.
    func all() async -> [Finding] {
        [dataDirectory, await address, twilioToken, publicURL, openFiles]
    }

    private var dataDirectory: Finding {
        let subject = "data directory"
        let path = URL(fileURLWithPath: settings.dataDirectory).standardizedFileURL.path
        guard FileManager.default.fileExists(atPath: path) else { return absentDirectory(path) }
        do {
            _ = try DataDirectory(path)
            return Finding(.ok, subject, "\(path) can be written to")
        } catch {
            return Finding(.missing, subject, error.message)
        }
    }

    /// A folder that the first start will make, if it may: its first missing part is made for a moment, since only that tells for sure.
    private func absentDirectory(_ path: String) -> Finding {
        var missing = URL(fileURLWithPath: path)
        while case let above = missing.deletingLastPathComponent(), !FileManager.default.fileExists(atPath: above.path) { missing = above }
        do {
            try FileManager.default.createDirectory(at: missing, withIntermediateDirectories: false)
            try FileManager.default.removeItem(at: missing)
            return Finding(.ok, "data directory", "\(path) will be made at the first start")
        } catch {
            return Finding(.missing, "data directory", "\(path) cannot be made; set AGENTOS_DATA_DIR to a folder this user may write to")
        }
    }

    private var address: Finding {
        get async {
            let subject = "address"
            let name = "\(settings.host):\(settings.port)"
            switch ListeningAddress(host: settings.host, port: settings.port).obstacle() {
            case nil:
                return Finding(.ok, subject, "\(name) is free")
            case .inUse? where await isOurs():
                return Finding(.note, subject, "\(name) is in use by a running AgentOS; another one needs another AGENTOS_PORT")
            case .inUse?:
                return Finding(.missing, subject, "\(name) is in use; stop what listens there or set AGENTOS_PORT")
            case .other(let reason)?:
                return Finding(.missing, subject, "\(name) cannot be listened on: \(reason); set AGENTOS_HOST and AGENTOS_PORT")
            }
        }
    }

    /// Whether what listens is a server of this kind.
    private func isOurs() async -> Bool {
        let host = ["0.0.0.0", "::"].contains(settings.host) ? "127.0.0.1" : settings.host
        let client = CheckClient(http: .shared, address: "http://\(host.contains(":") ? "[\(host)]" : host):\(settings.port)", token: "")
        guard let answer = try? await client.get("/readyz", authorized: false), let words = try? answer.json([String: String].self) else {
            return false
        }
        return ["ready", "loading", "draining"].contains(words["status"])
    }

    private var twilioToken: Finding {
        !settings.twilioAuthTokens.isEmpty
            ? Finding(.ok, "Twilio", "TWILIO_AUTH_TOKEN is set: only requests that Twilio signed are taken")
            : Finding(.note, "Twilio", "TWILIO_AUTH_TOKEN is not set: webhooks are open to anyone; set it to the auth token of your Twilio account")
    }

    private var publicURL: Finding {
        settings.hasPublicURL
            ? Finding(.ok, "public address", "AGENTOS_PUBLIC_URL is set")
            : Finding(
                .note,
                "public address",
                "AGENTOS_PUBLIC_URL is not set: the Host header is believed; behind a proxy set it to your https address"
            )
    }

    private var openFiles: Finding {
        var limit = rlimit()
        #if os(Linux)
        let status = getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        #else
        let status = getrlimit(RLIMIT_NOFILE, &limit)
        #endif
        guard status == 0 else { return Finding(.note, "open files", "the limit is not known") }
        // The server raises its own limit as far as it may.
        let count = UInt64(limit.rlim_max)
        guard count < Self.comfortableFiles else { return Finding(.ok, "open files", "\(count) are allowed") }
        return Finding(.note, "open files", "only \(count) are allowed, one or two a call; `ulimit -Hn 65536` as root before the start allows more")
    }
}
