import Foundation
import Logging
import ServiceLifecycle

/// Looks at the configuration file now and then, and puts what it says about agents in force when it has changed and has no fault.
///
/// A file that changed is read at the second look that sees it unchanged: editors write a file in several steps.
package actor AgentFileWatch: Service {
    /// What a look came to.
    package enum Look: Sendable, Equatable {
        case unchanged
        /// The agents are those of the new file.
        case replaced
        /// The new file is of no use; the agents stay.
        case refused([ConfigurationFault])
        /// There is no file, or it cannot be read; the agents stay.
        case missing
    }

    /// How often, unless told otherwise.
    package static let interval = Duration.seconds(1)
    private static let mostLogged = 10

    private let path: String
    private let environment: [String: String]
    private let interval: Duration
    private let book: AgentBook
    private let onChange: @Sendable (AgentFile) async -> Void
    private let logger: Logger
    /// What the engines know that the server has loaded; nil for those that the file's settings would load.
    private let languages: SpeechLanguages?
    /// The settings that the server was started with.
    private let settings: [SettingKey: String]
    /// What of them was told last.
    private var changedSettings: Set<SettingKey> = []
    /// The file that was tried last, whether or not it was of use.
    private var tried: FileStamp?
    /// The file as it was at the last look.
    private var seen: FileStamp?
    private var isMissing = false

    /// Watches a file whose content is in the book.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - book: told what the file says.
    ///   - environment: the variables that the file may name.
    ///   - languages: what the server's engines know; nil for those that the file's settings would load.
    ///   - interval: how often the file is looked at.
    ///   - logger: told what became of each change.
    ///   - onChange: called when the book was changed.
    init(
        _ path: String,
        book: AgentBook,
        environment: [String: String],
        languages: SpeechLanguages? = nil,
        interval: Duration = AgentFileWatch.interval,
        logger: Logger,
        onChange: @escaping @Sendable (AgentFile) async -> Void = { _ in }
    ) {
        self.languages = languages
        self.path = path
        self.book = book
        self.environment = environment
        self.interval = interval
        self.logger = logger
        self.onChange = onChange
        tried = book.file.stamp
        settings = book.file.settings.mapValues(\.value)
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown { [self, interval] in
            while (try? await Task.sleep(for: interval)) != nil { _ = await look() }
        }
    }

    /// Looks once.
    @discardableResult
    package func look() async -> Look {
        guard let stamp = FileStamp(path) else {
            noteMissing()
            return .missing
        }
        isMissing = false
        let isSettled = stamp == seen
        seen = stamp
        guard isSettled, stamp != tried else { return .unchanged }
        tried = stamp
        guard let reading = await read() else {
            noteMissing()
            return .missing
        }
        var faults = reading.faults
        if faults.isEmpty, reading.file.isEmpty, !book.file.isEmpty {
            faults = [ConfigurationFault(place: .start, path: "", message: "the file says nothing any more")]
        }
        guard faults.isEmpty else {
            note(faults)
            return .refused(faults)
        }
        await take(reading.file)
        return .replaced
    }

    /// Reads the file on a thread of its own: that can take longer than the shared ones may be held.
    private func read() async -> AgentFile.Reading? {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread { [path, environment, languages] in
                continuation.resume(returning: try? AgentFile.check(path, environment: environment, languages: languages))
            }
        }
    }

    private func take(_ file: AgentFile) async {
        book.replace(with: file)
        logger.notice(
            "The configuration file was read again",
            metadata: ["file": "\(path)", "agents": "\(file.agents.map(\.name).joined(separator: ","))"]
        )
        let now = file.settings.mapValues(\.value)
        let changed = Set(SettingKey.allCases.filter { settings[$0] != now[$0] })
        if !changed.isEmpty, changed != changedSettings {
            let names = changed.map(\.rawValue).sorted().joined(separator: ",")
            logger.warning("Settings changed that take effect at the next start", metadata: ["settings": "\(names)"])
        }
        changedSettings = changed
        await onChange(file)
    }

    private func note(_ faults: [ConfigurationFault]) {
        for fault in faults.prefix(Self.mostLogged) {
            logger.warning(
                "The configuration file has a fault; the agents stay as they are",
                metadata: ["file": "\(path):\(fault.line):\(fault.column)", "problem": "\(fault.problem)"]
            )
        }
        guard faults.count > Self.mostLogged else { return }
        logger.warning("The configuration file has more faults", metadata: ["file": "\(path)", "faults": "\(faults.count)"])
    }

    private func noteMissing() {
        if !isMissing { logger.warning("The configuration file is gone; the agents stay as they are", metadata: ["file": "\(path)"]) }
        isMissing = true
    }
}
