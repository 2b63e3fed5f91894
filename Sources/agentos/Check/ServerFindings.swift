import AsyncHTTPClient
import Diagnostics
import Foundation
import VoiceServer

/// Looks at what the server needs beside its engines: a folder, an address, room for connections.
struct ServerFindings {
    /// Open files from which on a few hundred calls fit.
    private static let comfortableFiles: UInt64 = 4096

    let settings: ServerConfiguration

    /// How it stands with the address that the server is to listen on.
    enum Port: Equatable, Sendable {
        case free
        /// A server of this kind listens there.
        case ours
        /// Something else does.
        case taken
        /// The system says this.
        case impossible(String)
    }

    /// All of them.
    func all(_ port: Port) -> [Finding] { [dataDirectory, address(port), openFiles] }

    private var dataDirectory: Finding {
        let subject = "data directory"
        let path = URL(fileURLWithPath: settings.dataDirectory).standardizedFileURL.path
        guard FileManager.default.fileExists(atPath: path) else { return absentDirectory(path) }
        do {
            _ = try DataDirectory(path)
            return Finding(.ok, subject, "\(path) can be written to")
        } catch {
            return Finding(.error, subject, error.message)
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
            return Finding(.error, "data directory", "\(path) cannot be made; set AGENTOS_DATA_DIR to a folder this user may write to")
        }
    }

    /// Looks who listens on the server's address.
    func port() async -> Port {
        switch ListeningAddress(host: settings.host, port: settings.port).obstacle() {
        case nil: .free
        case .inUse?: await isOurs() ? .ours : .taken
        case .other(let reason)?: .impossible(reason)
        }
    }

    private func address(_ port: Port) -> Finding {
        let subject = "address"
        let name = "\(settings.host):\(settings.port)"
        return switch port {
        case .free: Finding(.ok, subject, "\(name) is free")
        case .ours: Finding(.note, subject, "\(name) is in use by a running AgentOS; another one needs another AGENTOS_PORT")
        case .taken: Finding(.error, subject, "\(name) is in use; stop what listens there or set AGENTOS_PORT")
        case .impossible(let reason):
            Finding(.error, subject, "\(name) cannot be listened on: \(reason); set AGENTOS_HOST and AGENTOS_PORT")
        }
    }

    /// Whether what listens is a server of this kind.
    private func isOurs() async -> Bool {
        let host = ["0.0.0.0", "::"].contains(settings.host) ? "127.0.0.1" : settings.host
        let scheme = settings.tlsCertificate == nil ? "http" : "https"
        let address = "\(scheme)://\(host.contains(":") ? "[\(host)]" : host):\(settings.port)"
        do {
            let answer = try await CheckClient(http: .shared, address: address, token: "").get("/readyz", authorized: false)
            return ["ready", "loading", "draining", "overloaded", "store_failing"].contains(try answer.json([String: String].self)["status"])
        } catch {
            // A certificate for the public name is not one for this address: what speaks TLS here is most likely a server with that certificate.
            return scheme == "https" && [.insecure, .untrusted].contains(ConnectionFault(error)?.kind)
        }
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
