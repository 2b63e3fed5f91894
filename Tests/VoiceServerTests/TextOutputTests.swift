import Foundation
import Testing

@testable import VoiceServer

/// Output to descriptors that fail.
@Suite struct TextOutputTests {
    @Test func aFullDiskIsAnError() throws {
        let full = try #require(FileHandle(forWritingAtPath: "/dev/full"))
        let error = #expect(throws: OutputError.self) { try TextOutput(descriptor: full.fileDescriptor).send("a line\n") }
        #expect(error?.code == ENOSPC && error?.isBrokenPipe == false)
    }

    @Test func aReaderThatHasGoneIsABrokenPipeAndNoSignal() throws {
        signal(SIGPIPE, SIG_IGN)
        let pipe = Pipe()
        try pipe.fileHandleForReading.close()
        let output = TextOutput(descriptor: pipe.fileHandleForWriting.fileDescriptor)
        #expect(throws: OutputError(code: EPIPE)) { try output.send("a line\n") }
    }

    @Test func aSlowReaderOfANonBlockingPipeGetsEverything() {
        let pipe = Pipe()
        let descriptor = pipe.fileHandleForWriting.fileDescriptor
        #expect(fcntl(descriptor, F_SETFL, O_NONBLOCK) == 0)
        let text = String(repeating: "0123456789\n", count: 50_000)
        // On a thread of its own: it blocks while the pipe is full.
        Thread.detachNewThread {
            try? TextOutput(descriptor: descriptor).send(text)
            try? pipe.fileHandleForWriting.close()
        }
        var received = 0
        while case let bytes = pipe.fileHandleForReading.availableData, !bytes.isEmpty { received += bytes.count }
        #expect(received == text.utf8.count)
    }

    @Test(arguments: LogFormat.allCases)
    func aLogThatCannotBeWrittenSaysSoWhenItCanAgain(format: LogFormat) {
        let pipe = Pipe()
        let descriptor = pipe.fileHandleForWriting.fileDescriptor
        // Reads from this number instead, so that writing fails, until it is the pipe again.
        let kept = dup(descriptor)
        let unwritable = open("/dev/null", O_RDONLY)
        #expect(dup2(unwritable, descriptor) == descriptor)
        let writer = LogWriter(pipe.fileHandleForWriting)
        writer.write("lost", format: format)
        writer.write("lost, too", format: format)
        writer.flush()
        #expect(dup2(kept, descriptor) == descriptor)
        close(kept)
        close(unwritable)
        writer.write("kept", format: format)
        writer.flush()
        let text = String(decoding: pipe.fileHandleForReading.availableData, as: UTF8.self)
        #expect(text.contains("2 lines are missing here") && text.hasSuffix("kept\n"), "\(text)")
        #expect(text.hasPrefix(format == .json ? "{" : "20"), "the note is a line of the log: \(text)")
    }
}
