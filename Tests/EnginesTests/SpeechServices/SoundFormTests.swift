import Audio
import Foundation
import TestSupport
import Testing

@testable import Engines

/// What a body of audio is taken for.
@Suite struct SoundFormTests {
    private static let pcm = SoundType("audio/pcm")

    private static func form(_ bytes: [UInt8], _ type: String? = "audio/pcm", isWhole: Bool = true) -> SoundForm? {
        SoundForm(bytes, type: SoundType(type), isWhole: isWhole)
    }

    /// Whether bytes are taken for samples, decided as early as possible and again from the whole.
    private static func isSamples(_ bytes: [UInt8], _ type: String) -> Bool {
        guard case .bare = form(bytes, type) else { return false }
        for count in [1, 2, 3, 4, 7, 8, 11, 12, 13, 40, 200, 255, 256, 257] where count < bytes.count {
            switch form(Array(bytes.prefix(count)), type, isWhole: false) {
            case nil, .bare: continue
            default: return false
            }
        }
        return true
    }

    /// Frames of an MPEG stream with a header and nothing in them.
    static func frames(_ header: [UInt8], size: Int, count: Int = 8) -> [UInt8] {
        (0..<count).flatMap { _ in header + [UInt8](repeating: 0xA5, count: size - header.count) }
    }

    static let foreign: [(name: String, bytes: [UInt8])] = [
        ("MP3 (ID3)", Array("ID3".utf8) + [4, 0, 0, 0, 0, 0, 0x23] + [UInt8](repeating: 0, count: 99)),
        ("MP3", frames([0xFF, 0xFB, 0x90, 0x64], size: 417)), ("MP3", frames([0xFF, 0xF3, 0x84, 0xC4], size: 192)),
        ("MP3", frames([0xFF, 0xE3, 0x18, 0xC4], size: 72)), ("MP2", frames([0xFF, 0xFD, 0x84, 0x04], size: 384)),
        ("MP3", frames([0xFF, 0xFA, 0xE0, 0x00], size: 1_044, count: 2)),
        ("AAC", frames([0xFF, 0xF1, 0x50, 0x80, 0x17, 0x9F, 0xFC], size: 188)),
        ("Ogg", Array("OggS".utf8) + [0, 2] + [UInt8](repeating: 0, count: 40)),
        ("FLAC", Array("fLaC".utf8) + [0, 0, 0, 34] + [UInt8](repeating: 1, count: 40)),
        ("MP4", [0, 0, 0, 24] + Array("ftypM4A ".utf8) + [UInt8](repeating: 0, count: 40)),
        ("WebM or Matroska", [0x1A, 0x45, 0xDF, 0xA3, 0x9F, 0x42, 0x86, 0x81]),
        ("AIFF", Array("FORM".utf8) + [0, 0, 9, 9] + Array("AIFFCOMM".utf8)), ("AU", Array(".snd".utf8) + [0, 0, 0, 24, 0, 0]),
        ("CAF", Array("caff".utf8) + [0, 1, 0, 0]), ("data compressed with gzip", [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3]),
        ("a broken WAV file", Array("RIFF1234nonsense".utf8)), ("big-endian WAV (RIFX)", Array("RIFX1234WAVEfmt ".utf8)),
        ("JSON", Array(#"{"error":{"message":"no credit"}}"#.utf8)), ("JSON", Array("\n [ 1 ]".utf8)),
        ("JSON", Array((#"{"audio":""# + String(repeating: "UklGRiQAAABX", count: 400) + #""}"#).utf8)),
        ("HTML or XML", Array("<!doctype html><title>Привет</title>".utf8)), ("HTML or XML", Array("\u{FEFF}<?xml version=\"1.0\"?>".utf8)),
        ("text", Array("Out of memory, try again later".utf8)), ("text", Array(String(repeating: "UklGRiQAAABXQVZFZm10IBAAAAAB", count: 60).utf8)),
        ("text", Array("data: {\"type\":\"speech.audio.delta\"}\n\n".utf8)), ("text", Array("Сервис временно недоступен".utf8)),
    ]

    @Test(arguments: foreign, ["audio/pcm", "audio/wav", "audio/L16;rate=16000", "application/octet-stream", "text/plain", ""])
    func whatIsNotSamplesIsNamedWhateverTheTypeSays(_ sample: (name: String, bytes: [UInt8]), _ type: String) {
        #expect(Self.form(sample.bytes, type) == .foreign(sample.name))
        // However it is cut, it is never taken for samples.
        for count in 1..<min(sample.bytes.count, 40) {
            let form = Self.form(Array(sample.bytes.prefix(count)), type, isWhole: false)
            #expect(form == nil || form == .foreign(sample.name), "after \(count) bytes")
        }
    }

    @Test(arguments: ["audio/pcm", "audio/mpeg", "text/html", "audio/L16;rate=8000", "application/json", ""])
    func aWAVFileIsOneWhateverTheTypeSays(_ type: String) {
        let file = WAVFile(sampleRate: 8_000, channels: [[1, 2, 3]]).encoded()
        #expect(Self.form(file, type, isWhole: false) == .wav)
        #expect(Self.form(Array("RF64".utf8) + file.dropFirst(4), type) == .wav)
        for count in 1..<12 { #expect(Self.form(Array(file.prefix(count)), type, isWhole: false) == nil) }
    }

    @Test(arguments: [
        ("audio/mpeg", "audio/mpeg"), ("audio/ogg; codecs=opus", "audio/ogg"), ("text/html; charset=utf-8", "text/html"),
        ("application/json", "application/json"), ("audio/x-m4a", "audio/x-m4a"), ("image/png", "image/png"),
        ("audio/pcm; encoding=adpcm", "adpcm samples"), ("audio/L16; channels=99", "samples of 99 channels"),
        ("audio/pcm; bits=12", "samples of 12 bits"),
    ])
    func bytesThatTellNothingAreWhatTheTypeSays(_ type: String, _ name: String) {
        #expect(Self.form([0, 1, 0, 255, 3, 0, 7, 255, 0, 0], type) == .foreign(name))
    }

    @Test(
        arguments: [
            ("audio/pcm", SampleFormat(), nil), ("application/octet-stream", SampleFormat(), nil), ("audio/wav", SampleFormat(), nil),
            ("AUDIO/PCM; Rate=\"16000\" ; Channels=2", SampleFormat(channelCount: 2), 16_000),
            ("audio/pcm;sample_rate=22050", SampleFormat(), 22_050),
            ("audio/L16; rate=24000; channels=1", SampleFormat(.signed(bits: 16, isBigEndian: true)), 24_000),
            ("audio/l16;rate=22050;endianness=little-endian", SampleFormat(), 22_050), ("audio/L8", SampleFormat(.unsigned8), nil),
            ("audio/L24;rate=48000", SampleFormat(.signed(bits: 24, isBigEndian: true)), 48_000),
            ("audio/L16;encoding=signed-integer;bits=16", SampleFormat(.signed(bits: 16, isBigEndian: true)), nil),
            ("audio/basic", SampleFormat(.muLaw), 8_000), ("audio/x-mulaw;rate=16000", SampleFormat(.muLaw), 16_000),
            ("audio/PCMU", SampleFormat(.muLaw), 8_000), ("audio/PCMA", SampleFormat(.aLaw), 8_000),
            ("audio/x-alaw-basic", SampleFormat(.aLaw), 8_000),
            ("audio/pcm;encoding=float;rate=24000", SampleFormat(.float(bits: 32)), 24_000),
            ("audio/pcm;bits=32", SampleFormat(.signed(bits: 32)), nil),
            ("audio/raw;encoding=mulaw", SampleFormat(.muLaw), 8_000), ("application/octet-stream;rate=8000", SampleFormat(), 8_000),
            ("audio/pcm;rate=fast", SampleFormat(), nil), ("audio/x-s16be", SampleFormat(.signed(bits: 16, isBigEndian: true)), nil),
        ] as [(String, SampleFormat, Int?)]
    )
    func theTypeSaysHowBareSamplesAreStored(_ type: String, _ format: SampleFormat, _ rate: Int?) {
        #expect(Self.form([0, 1, 0, 255, 3, 0, 7, 255, 0, 0], type) == .bare(format, rate: rate))
    }

    @Test func randomSamplesAreNeverRefused() {
        var random = SeededRandom(seed: 20_261_129)
        for _ in 0..<2_000 {
            let bytes = (0..<320).map { _ in UInt8.random(in: 0...255, using: &random) }
            guard case .bare = Self.form(bytes) else {
                Issue.record("refused: \(bytes)")
                return
            }
        }
    }

    @Test(arguments: [2, 20, 300, 4_000, 30_000])
    func theBeginningsOfSpeechAreNeverRefused(_ amplitude: Int) {
        var random = SeededRandom(seed: UInt64(amplitude))
        for _ in 0..<30 {
            // A slow wave with noise on it, with or without silence before it, and sometimes beside zero.
            let offset = Int.random(in: -amplitude / 4...amplitude / 4, using: &random)
            let period = Double.random(in: 20...200, using: &random)
            let silence = random.once(in: 2) ? Int.random(in: 0...80, using: &random) : 0
            let samples = (0..<600).map { index -> Int16 in
                guard index >= silence else { return 0 }
                let noise = Double.random(in: -0.2...0.2, using: &random)
                return Int16(clamping: offset + Int(Double(amplitude) * (0.6 * Double(index).remainder(dividingBy: period) / period + noise)))
            }
            #expect(Self.isSamples(SpeechSamples.bytes(samples), "audio/pcm"))
            #expect(Self.isSamples(samples.flatMap { [UInt8(truncatingIfNeeded: $0 >> 8), UInt8(truncatingIfNeeded: $0)] }, "audio/L16"))
            #expect(Self.isSamples(MuLaw.encode(samples), "audio/basic"))
        }
    }

    @Test func samplesThatBeginLikeAFrameOrATextAreNotRefused() {
        var random = SeededRandom(seed: 7)
        let starts: [[UInt8]] = [
            [0xFF, 0xFB, 0x90, 0x64], [0xFF, 0xF3, 0x84, 0xC4], [0xFF, 0xF1, 0x50, 0x80, 0x17, 0x9F, 0xFC, 0],
            [0xFF, 0xFF, 0x10, 0x00],
            Array("{\"".utf8), Array("[1".utf8), Array("<htm".utf8), Array("ID".utf8), Array("Ogg".utf8), [0x1A, 0x45], [0x1F, 0x8B],
            [UInt8](repeating: 0, count: 64), [UInt8](repeating: 0xFF, count: 64), Array("RI".utf8),
        ]
        for start in starts {
            for _ in 0..<20 {
                let phase = Double.random(in: 0...6, using: &random)
                let rest = (0..<1_500).map { index in
                    Int16(7_000 * sin(phase + Double(index) / 9)) + Int16.random(in: -500...500, using: &random)
                }
                #expect(Self.isSamples(start + SpeechSamples.bytes(rest), "audio/pcm"))
            }
        }
    }

    @Test(arguments: [[0xFF, 0xFB, 0x90, 0x00], [0xFF, 0xF3, 0x44, 0xC4], [0xFF, 0xF1, 0x50, 0x80, 0x17, 0x9F, 0xFC]] as [[UInt8]])
    func aHeaderThatOnlyNoiseFollowsIsNoSpeech(_ header: [UInt8]) {
        var random = SeededRandom(seed: 5)
        let noise = (0..<3_000).map { _ in UInt8.random(in: 0...255, using: &random) }
        guard case .foreign = Self.form(header + noise) else {
            Issue.record("taken for samples")
            return
        }
        #expect(Self.form(header + noise.prefix(500), isWhole: false) == nil)
    }

    @Test(arguments: [0x55, 0xD5, 0x7E, 0x7F, 0xFF, 0x41] as [UInt8], ["audio/PCMA", "audio/basic", "audio/pcm"])
    func silenceIsNotText(_ code: UInt8, _ type: String) {
        #expect(Self.isSamples([UInt8](repeating: code, count: 1_000), type))
    }
}
