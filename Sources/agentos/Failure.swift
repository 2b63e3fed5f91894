import ArgumentParser
import Audio
import Conversation
import Diagnostics
import Foundation
import TwilioTwin
import VoiceServer

/// How the program ends when something is wrong: one line on standard error and an exit code.
///
/// 0 done, 1 a check failed, 2 usage, 64 to 78 as in sysexits.
enum Failure {
    private static let usage: Int32 = 2

    /// Runs the program to its exit.
    static func exiting(_ body: () async throws -> Void) async -> Never {
        do {
            try await body()
            exit(0)
        } catch let error as StartError {
            end(error.message, code: error.code.rawValue)
        } catch let error as EngineError {
            end(error.description, code: StartError(error).code.rawValue)
        } catch let error as AudioError {
            let isMissing = error.code == .unreadableFile
            end(error.message, code: (isMissing ? StartError.Code.missingInput : .badData).rawValue)
        } catch let error as TwinError {
            end(error.description, code: StartError.Code.unavailable.rawValue)
        } catch let failure as OutputError {
            Terminal.end(without: failure)
        } catch let code as ExitCode {
            exit(code.rawValue)
        } catch {
            let parserCode = AgentOS.exitCode(for: error)
            // Help and version are no failures; everything else the parser throws is wrong usage.
            if parserCode.isSuccess || parserCode == .validationFailure {
                guard parserCode.isSuccess else { end("\(AgentOS.message(for: error)); see --help", code: usage) }
                Terminal.print(AgentOS.fullMessage(for: error))
                exit(0)
            }
            end(ErrorText.of(error), code: 70)
        }
    }

    private static func end(_ message: String, code: Int32) -> Never {
        Terminal.warn(message.split(whereSeparator: \.isNewline).joined(separator: " "))
        exit(code)
    }
}
