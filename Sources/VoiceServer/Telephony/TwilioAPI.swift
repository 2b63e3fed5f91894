import AsyncHTTPClient
import Diagnostics
import Engines
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import Twilio

/// Twilio's REST API, as far as calls in progress are changed by it.
///
/// A request that may have reached Twilio is never sent a second time: the keys would be pressed twice. So it is repeated once at most, and only
/// where no connection was made or Twilio answered 429, which it calls never processed and always safe to repeat.
struct TwilioAPI: Sendable {
    /// Where Twilio is.
    static let defaultBaseURL = "https://api.twilio.com"
    /// Bytes of an answer that are read; a call's are about two thousand.
    private static let longestAnswer = 256 * 1024
    /// HTTP's "too many requests".
    private static let tooManyRequests = 429

    /// Without a slash at the end.
    private let baseURL: String
    private let accountSid: String
    private let http: HTTPClient
    private let timeout: Duration
    private let retryDelay: Duration
    private let authorization: Secret
    private let redactor: SecretRedactor

    /// Makes a client of an account; `http` is made with ``clientConfiguration``.
    ///
    /// An operation takes `timeout` at most, with its repetition and the `retryDelay` before it.
    init(
        baseURL: String = defaultBaseURL,
        accountSid: String,
        authToken: Secret,
        http: HTTPClient,
        timeout: Duration = .seconds(5),
        retryDelay: Duration = .milliseconds(500)
    ) {
        self.baseURL = baseURL.hasSuffix("/") ? String(baseURL.dropLast()) : baseURL
        self.accountSid = accountSid
        self.http = http
        self.timeout = timeout
        self.retryDelay = retryDelay
        let credentials = Secret(Data("\(accountSid):\(authToken.value)".utf8).base64EncodedString())
        authorization = credentials
        redactor = SecretRedactor([authToken, credentials])
    }

    /// What the client's HTTP needs: no redirects, which would carry a caller's data to others, and failures that are told at once.
    static var clientConfiguration: HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow, timeout: .init(connect: .seconds(3), read: .seconds(5)))
        configuration.connectionPool.retryConnectionEstablishment = false
        // Updates are minutes apart: a connection that Twilio closes while it is taken up again would cost a transfer.
        configuration.connectionPool.idleTimeout = .seconds(5)
        return configuration
    }

    /// Updates a call in progress.
    ///
    /// - Throws: ``TwilioAPIError``; `CancellationError`, after which it is not known whether the call was updated.
    @discardableResult
    func update(call: String, with update: CallUpdate) async throws -> CallResource {
        let path = CallUpdate.path(accountSid: accountSid, callSid: call)
        let answer = try await accepted(
            by: try request(path) { () throws(TwilioRESTError) in try update.parameters.formEncoded },
            to: "change the call"
        )
        guard let resource = CallResource(json: answer.body), resource.sid == call else {
            throw TwilioAPIError(.badAnswer, "Twilio's answer is not the call (HTTP \(answer.status)); whether it was changed is not known")
        }
        return resource
    }

    /// Places a call.
    ///
    /// - Throws: ``TwilioAPIError``; `CancellationError`, after which it is not known whether the call was placed.
    func place(_ call: CallCreation) async throws -> CallResource {
        let path = CallCreation.path(accountSid: accountSid)
        let answer = try await accepted(by: try request(path) { () throws(TwilioRESTError) in try call.parameters.formEncoded }, to: "place the call")
        guard let resource = CallResource(json: answer.body) else {
            throw TwilioAPIError(.badAnswer, "Twilio's answer is not a call (HTTP \(answer.status)); whether one was placed is not known")
        }
        return resource
    }

    /// Looks a call up.
    ///
    /// - Throws: ``TwilioAPIError``; `CancellationError`.
    func call(_ callSid: String) async throws -> CallResource {
        let answer = try await accepted(by: request(CallUpdate.path(accountSid: accountSid, callSid: callSid)), to: "tell of the call")
        guard let resource = CallResource(json: answer.body), resource.sid == callSid else {
            throw TwilioAPIError(.badAnswer, "Twilio's answer is not the call (HTTP \(answer.status))")
        }
        return resource
    }

    /// Looks up the calls that were placed by a `<Dial>` of this one.
    ///
    /// - Throws: ``TwilioAPIError``; `CancellationError`.
    func legs(of callSid: String) async throws -> [CallResource] {
        let query = callSid.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        let path = CallCreation.path(accountSid: accountSid) + "?ParentCallSid=\(query)"
        let answer = try await accepted(by: request(path), to: "list the calls")
        guard let list = CallList(json: answer.body) else {
            throw TwilioAPIError(.badAnswer, "Twilio's answer is not a list of calls (HTTP \(answer.status))")
        }
        return list.calls
    }

    /// How many calls are in a conference now, by its name.
    ///
    /// - Throws: ``TwilioAPIError``; `CancellationError`.
    func participants(ofConference name: String) async throws -> Int {
        let query = WebhookParameters([.init("FriendlyName", name), .init("Status", "in-progress")]).formEncoded
        let answer = try await accepted(by: request(ConferenceList.path(accountSid: accountSid) + "?\(query)"), to: "list the conferences")
        guard let list = ConferenceList(json: answer.body) else {
            throw TwilioAPIError(.badAnswer, "Twilio's answer is not a list of conferences (HTTP \(answer.status))")
        }
        guard let conference = list.conferences.first else { return 0 }
        let path = ParticipantList.path(accountSid: accountSid, conferenceSid: conference.sid)
        let people = try await accepted(by: request(path), to: "list the participants")
        guard let participants = ParticipantList(json: people.body)?.participants else {
            throw TwilioAPIError(.badAnswer, "Twilio's answer is not a list of participants (HTTP \(people.status))")
        }
        return participants.count
    }

    private func accepted(by request: HTTPClientRequest, to purpose: String) async throws -> Answer {
        let answer = try await withinTimeout { try await send(request) }
        guard (200..<300).contains(answer.status) else {
            var refusal = TwilioRESTError(status: answer.status, body: answer.body)
            refusal.message = redactor.redact(refusal.message)
            throw TwilioAPIError(.refused, "Twilio refused to \(purpose) (\(refusal))", cause: refusal)
        }
        return answer
    }

    private struct Answer: Sendable {
        var status: Int
        var body: [UInt8]
    }

    /// A request to look something up.
    private func request(_ path: String) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: baseURL + path)
        request.headers = ["Authorization": "Basic \(authorization.value)", "Accept": "application/json", "User-Agent": "agentos"]
        return request
    }

    /// A request to have something done, with a form.
    private func request(_ path: String, form: () throws(TwilioRESTError) -> String) throws(TwilioAPIError) -> HTTPClientRequest {
        var request = request(path)
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/x-www-form-urlencoded")
        do {
            request.body = .bytes(ByteBuffer(string: try form()))
        } catch {
            throw TwilioAPIError(.refused, "the call cannot be changed: \(error.message)", cause: error)
        }
        return request
    }

    /// Sends a request, and again where it is certain that nothing came of the first.
    private func send(_ request: HTTPClientRequest) async throws -> Answer {
        do {
            let answer = try await attempt(request)
            guard answer.status == Self.tooManyRequests else { return answer }
        } catch let error where Self.wasNeverSent(error) {
            // Twilio has not heard of it.
        }
        try await Task.sleep(for: retryDelay)
        do {
            return try await attempt(request)
        } catch let error where Self.wasNeverSent(error) {
            throw TwilioAPIError(.unreachable, "no connection to Twilio's API at \(baseURL)")
        }
    }

    private func attempt(_ request: HTTPClientRequest) async throws -> Answer {
        do {
            let response = try await http.execute(request, deadline: .now() + TimeAmount(timeout))
            let body = try await response.body.collect(upTo: Self.longestAnswer)
            return Answer(status: Int(response.status.code), body: Array(body.readableBytesView))
        } catch let error where Self.wasNeverSent(error) {
            throw error
        } catch {
            throw failure(error)
        }
    }

    /// What a request that was under way failed of.
    private func failure(_ error: any Error) -> any Error {
        switch error {
        case is CancellationError: return error
        case let error as HTTPClientError where error == .cancelled: return CancellationError()
        case let error as HTTPClientError where error == .deadlineExceeded || error == .readTimeout: return timedOut
        case is NIOTooManyBytesError:
            return TwilioAPIError(.badAnswer, "Twilio's answer is longer than any call's; whether it was changed is not known")
        default:
            let reason = ErrorText.line(redactor.redact(ErrorText.of(error)), longest: 120)
            return TwilioAPIError(.broken, "the connection to Twilio's API broke (\(reason)); whether the call was changed is not known")
        }
    }

    private static func wasNeverSent(_ error: any Error) -> Bool {
        // A name that nothing answers at is told in the first way, an address in the last.
        error is NIOConnectionError || error as? HTTPClientError == .connectTimeout || (error as? IOError)?.errnoCode == ECONNREFUSED
    }

    /// Gives up work that takes too long: the HTTP client's own deadline ends with an answer's head.
    private func withinTimeout<Value: Sendable>(_ work: @escaping @Sendable () async throws -> Value) async throws -> Value {
        try await withThrowingTaskGroup(of: Value.self) { group in
            defer { group.cancelAll() }
            group.addTask { try await work() }
            group.addTask {
                try await Task.sleep(for: timeout)
                throw timedOut
            }
            guard let value = try await group.next() else { throw CancellationError() }
            return value
        }
    }

    private var timedOut: TwilioAPIError {
        TwilioAPIError(.timedOut, "no answer from Twilio's API within \(timeout); whether the call was changed is not known")
    }
}

extension TimeAmount {
    /// The same time, to the nanosecond.
    fileprivate init(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        self = .nanoseconds(seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
    }
}
