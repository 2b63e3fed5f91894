import Conversation
import Engines
import TestSupport

// What each model that is installed hears in nothing, beside the short answers that it misses: what makes one better makes the other worse.
extension Suite {
    /// Phantom turns and missed answers.
    static let phantoms = Suite(name: "phantoms", summary: "words heard in noise, short answers missed") { plan in
        let installation = try Installation.locate()
        let detector = try SileroVoiceActivityDetector(installation: installation)
        let speech = try ["opening-hours", "book-table", "two-turns", "unseen-voice"].map { try Clip($0).samples }
        var rows: [Row] = []
        for model in try models(in: installation) {
            let hearing = LineHearing(detector: detector, transcriber: try WhisperTranscriber(model: model, installation: installation))
            for sound in EverydaySounds.allCases {
                let all = sound.samples(speech: speech)
                let samples = plan.isQuick ? Array(all.prefix(20 * EverydaySounds.sampleRate)) : all
                let found = try await hearing.texts(in: samples)
                if !found.isEmpty { Progress.note("\(model.name) heard in \(sound.rawValue): \(found.joined(separator: " | "))") }
                let hours = Double(samples.count) / Double(EverydaySounds.sampleRate * 3_600)
                rows.append(Row("\(model.name): phantom turns, \(sound.rawValue)", "per hour", [Double(found.count) / hours]))
            }
            let answers = try shortAnswers()
            var missed = 0
            for answer in answers where try await hearing.texts(in: answer).isEmpty { missed += 1 }
            rows.append(Row("\(model.name): short answers missed, of \(answers.count)", "answers", [Double(missed)]))
        }
        return rows
    }

    private static func models(in installation: Installation) throws -> [WhisperModel] {
        let pulled = ModelCatalog.entries.compactMap { try? WhisperModel(folder: installation.pulledModelFolder(named: $0.name)) }
        return [try WhisperModel(folder: installation.bundledModelFolder)] + pulled
    }

    /// Short answers as recorded, softer, and in noise.
    private static func shortAnswers() throws -> [[Int16]] {
        let room = EverydaySounds.comfortNoise.samples(speech: []).suffix(10 * EverydaySounds.sampleRate)
        return try ["yes", "no", "stop", "operator", "goodbye"].flatMap { name in
            let samples = try Clip(name).samples
            return [
                samples, samples.map { $0 / 4 },
                zip([Int16](repeating: 0, count: 4_000) + samples, room).map { Int16(clamping: Int($0) / 2 + Int($1)) },
            ]
        }
    }
}
