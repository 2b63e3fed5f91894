import Foundation

/// Audio as a WAV file holds it.
package struct WAVFile: Sendable, Equatable {
    /// Samples a second, in Hz.
    package var sampleRate: Int
    /// One array a channel, 16-bit samples, all of one length.
    package var channels: [[Int16]]

    /// Makes a file's content.
    package init(sampleRate: Int, channels: [[Int16]]) {
        self.sampleRate = sampleRate
        self.channels = channels
    }

    /// All channels mixed into one, evenly, at `rate` Hz.
    ///
    /// - Throws: ``AudioError`` with `invalidRate` where `rate` or the file's own is outside ``Resampler/supportedRates``.
    package func mono(at rate: Int) throws(AudioError) -> [Int16] {
        let resampler = try Resampler(from: sampleRate, to: rate)
        return resampler.process(mixed()) + resampler.finish()
    }

    /// Reads a file.
    ///
    /// - Throws: ``AudioError`` with `unreadableFile`, or what ``init(parsing:)`` throws, with the file's name in the message.
    package static func read(path: String) throws(AudioError) -> WAVFile {
        let bytes: [UInt8]
        do {
            bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        } catch {
            throw AudioError(code: .unreadableFile, message: "cannot read \(path): \(Self.reason(of: error, at: path))", cause: error)
        }
        do {
            return try WAVFile(parsing: bytes)
        } catch {
            throw AudioError(code: error.code, message: "\(path): \(error.message)", cause: error)
        }
    }

    /// Writes a file as ``encoded()`` has it, all of it or nothing.
    ///
    /// - Throws: ``AudioError`` with `unwritableFile`.
    package func write(path: String) throws(AudioError) {
        do {
            try Data(encoded()).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw AudioError(code: .unwritableFile, message: "cannot write \(path): \(Self.reason(of: error, at: path))", cause: error)
        }
    }

    /// Why a file cannot be read or written.
    private static func reason(of error: any Error, at path: String) -> String {
        // Foundation describes this error with a number only.
        if URL(fileURLWithPath: path).hasDirectoryPath { return "it is a folder" }
        return switch (error as? CocoaError)?.code {
        case .fileReadNoSuchFile?: "the file does not exist"
        case .fileNoSuchFile?: "the folder does not exist"
        case .fileReadNoPermission?, .fileWriteNoPermission?: "permission denied"
        case .fileWriteOutOfSpace?: "the disk is full"
        case .fileWriteVolumeReadOnly?: "the disk is read-only"
        default: error.localizedDescription
        }
    }

    /// The mean of all channels, where a shorter one counts as silent after its end.
    func mixed() -> [Int16] {
        guard channels.count != 1 else { return channels[0] }
        var sums = [Int](repeating: 0, count: channels.map(\.count).max() ?? 0)
        for channel in channels {
            for (index, sample) in channel.enumerated() { sums[index] += Int(sample) }
        }
        return sums.map { Int16(clamping: $0 / channels.count) }
    }
}
