import Audio
import NIOCore
import Twilio

// Every message of a call passes here: 50 in each direction a second.
extension Suite {
    /// Reading a media message, through both entry points.
    static let decode = Suite(name: "decode", summary: "a media message of Twilio's, 20 ms") { plan in
        let messages = try Clip("opening-hours").frames.enumerated().map { index, frame in
            var json: [UInt8] = []
            let media = StreamMedia(chunk: index + 1, timestamp: index * 20, payload: MuLaw.encode(frame), streamSid: streamSid)
            MediaStreamCoding.encode(.media(media, sequenceNumber: index + 2), into: &json)
            return json
        }
        let buffers = messages.map { ByteBuffer(bytes: $0) }
        return [
            try Batches.measure("decode media message, from an array", "µs", nsPerUnit: 1000, units: Double(messages.count), plan) {
                for message in messages { Batches.keep(try MediaStreamCoding.decodeTwilioMessage(message)) }
            },
            try Batches.measure("decode media message, from a buffer (server)", "µs", nsPerUnit: 1000, units: Double(messages.count), plan) {
                for buffer in buffers { Batches.keep(try MediaStreamCoding.decodeTwilioMessage(buffer.readableBytesUInt8Span)) }
            },
        ]
    }

    /// Writing a media message.
    static let encode = Suite(name: "encode", summary: "a media message to Twilio, 20 ms") { plan in
        let frames = try Clip("opening-hours").frames.map { MuLaw.encode($0) }
        return [
            Batches.measure("encode media message", "µs", nsPerUnit: 1000, units: Double(frames.count), plan) {
                for frame in frames {
                    var json: [UInt8] = []
                    MediaStreamCoding.encode(.media(payload: frame, streamSid: streamSid), into: &json)
                    Batches.keep(json)
                }
            }
        ]
    }

    /// G.711, both ways.
    static let companding = Suite(name: "g711", summary: "mu-law to samples and back, 20 ms") { plan in
        let frames = try Clip("opening-hours").frames
        let codes = frames.map { MuLaw.encode($0) }
        return [
            Batches.measure("G.711 decode, 20 ms", "µs", nsPerUnit: 1000, units: Double(codes.count), plan) {
                for code in codes { Batches.keep(MuLaw.decode(code)) }
            },
            Batches.measure("G.711 encode, 20 ms", "µs", nsPerUnit: 1000, units: Double(frames.count), plan) {
                for frame in frames { Batches.keep(MuLaw.encode(frame)) }
            },
        ]
    }

    /// Sample rate conversion, both ways.
    static let resampling = Suite(name: "resample", summary: "8 kHz to 16 kHz and back, 20 ms") { plan in
        let frames = try Clip("opening-hours").frames
        let up = try Resampler(from: 8000, to: 16_000)
        let down = try Resampler(from: 16_000, to: 8000)
        let wide = frames.map { up.process($0) }
        return [
            Batches.measure("resample 8 to 16 kHz, 20 ms", "µs", nsPerUnit: 1000, units: Double(wide.count), plan) {
                for frame in frames { Batches.keep(up.process(frame)) }
            },
            Batches.measure("resample 16 to 8 kHz, 20 ms", "µs", nsPerUnit: 1000, units: Double(wide.count), plan) {
                for frame in wide { Batches.keep(down.process(frame)) }
            },
        ]
    }

    private static let streamSid = "MZ18ad3ab5a668481ce02b83e7395059f0"
}
