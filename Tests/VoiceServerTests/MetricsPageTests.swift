import Foundation
import NIOHTTP1
import TestSupport
import Testing
import TwilioTwin

@testable import VoiceServer

/// The whole of `/metrics`, as Prometheus reads it.
@Suite struct MetricsPageTests {
    private func page(_ server: TestServer) async throws -> Exposition {
        Exposition(try await server.request(.GET, "/metrics").text)
    }

    @Test func aFreshServersPageIsWhatPrometheusWants() async throws {
        try await withServer { (server: TestServer) async throws in
            let page = try await page(server)
            #expect(page.faults == [])
            let names = Set(page.families.map(\.name))
            // Redis has a series where there is one; the recogniser once it is loaded.
            let later = Set(MetricFamily.allCases.map(\.rawValue).filter { $0.contains("_stt_") || $0 == MetricFamily.redisUp.rawValue })
            #expect(Set(MetricFamily.allCases.map(\.rawValue)).subtracting(names).isSubset(of: later))
        }
    }

    @Test func everyFamilyIsInTheReference() throws {
        let reference = try String(contentsOfFile: "docs/reference.md", encoding: .utf8)
        for family in MetricFamily.allCases { #expect(reference.contains("`\(family.rawValue)"), "\(family.rawValue)") }
    }

    @Test func everythingThatIsCountedIsThereBeforeItsFirstCount() async throws {
        try await withServer { (server: TestServer) async throws in
            let page = try await page(server)
            let calls = ["agent": "default", "reason": "stream_stopped"]
            #expect(page.value("agentos_calls_total", calls) == 0)
            #expect(page.value("agentos_call_duration_seconds_count") == 0)
            #expect(page.value("agentos_refusals_total", ["reason": "bad_signature"]) == 0)
            #expect(page.value("agentos_connections_cut_total", ["reason": "slow"]) == 0)
            #expect(page.value("agentos_call_errors_total", ["stage": "stt"]) == 0)
            #expect(page.value("agentos_tool_seconds_count", ["outcome": "done"]) == 0)
            let requests = ["route": "/api/voice/sessions/{id}/end", "method": "POST", "status": "2xx"]
            #expect(page.value("agentos_http_requests_total", requests) == 0)
        }
    }

    @Test func theProcessAndItsBuildAreDescribed() async throws {
        try await withServer { (server: TestServer) async throws in
            let page = try await page(server)
            let build = ["version": ProgramVersion.number, "commit": TestServer.version.commit]
            #expect(page.value("agentos_build_info", build) == 1)
            #if os(Linux)
            let age = Date().timeIntervalSince1970 - (page.value("process_start_time_seconds") ?? 0)
            #expect(age > 0 && age < 86_400)
            let resident = page.value("process_resident_memory_bytes") ?? 0
            #expect(resident > 1_000_000 && resident < page.value("process_virtual_memory_bytes") ?? 0)
            #expect(page.value("process_cpu_seconds_total") ?? 0 > 0)
            let open = page.value("process_open_fds") ?? 0
            #expect(open > 3 && open < page.value("process_max_fds") ?? 0)
            #endif
        }
    }

    @Test func requestsAreCountedByRouteNeverByWhatTheySay() async throws {
        try await withServer { (server: TestServer) async throws in
            for id in ["twilio-CA1", "twilio-CA2", "x%27%5C"] { _ = try await server.request(.GET, "/api/voice/sessions/\(id)") }
            _ = try await server.request(.DELETE, "/api/voice/sessions")
            _ = try await server.request(.GET, "/wp-login.php")
            _ = try await server.request(.RAW(value: "PROPFIND"), "/somewhere")
            _ = try await server.request(.GET, "/api/voice/sessions", token: "")
            let page = try await page(server)
            #expect(page.faults == [])
            let count = { (route: String, method: String) in
                page.value("agentos_http_requests_total", ["route": route, "method": method, "status": "4xx"])
            }
            #expect(count("/api/voice/sessions/{id}", "GET") == 3)
            #expect(count("/api/voice/sessions", "DELETE") == 1 && count("/api/voice/sessions", "GET") == 1)
            #expect(count("other", "GET") == 1 && count("other", "other") == 1)
        }
    }

    @Test func handshakesOfMediaSocketsAreCounted() async throws {
        try await withServer { (server: TestServer) async throws in
            let callSid = newCallSid()
            _ = try await server.openSession(callSid: callSid)
            try await server.socket(callSid: callSid).withConnection { _, _ in }
            for lost in ["CA404", "CA405"] { try? await server.socket(callSid: lost).withConnection { _, _ in } }
            let page = try await page(server)
            let count = { (status: String) in
                let labels = ["route": "/api/voice/twilio/stream/{id}", "method": "GET", "status": status]
                return page.value("agentos_http_requests_total", labels)
            }
            #expect(count("1xx") == 1 && count("4xx") == 2 && count("2xx") == 0)
        }
    }

    @Test func callsAreCountedByWhoAnsweredAndWhyTheyEnded() async throws {
        try await withServer { (server: TestServer) async throws in
            for callSid in ["CA1", "CA2"] { _ = try await server.inbound(callSid: callSid) }
            _ = try await server.request(.POST, "/api/voice/sessions/twilio-CA1/end")
            _ = try await server.request(.POST, "/api/voice/twilio/status", token: "", body: "CallSid=CA2&CallStatus=no-answer")
            for callSid in ["CA1", "CA2"] { _ = try await server.events(callSid: callSid) }
            let page = try await page(server)
            for reason in ["ended_by_operator", "call_no-answer"] {
                #expect(page.value("agentos_calls_total", ["agent": "default", "reason": reason]) == 1)
            }
            #expect(page.value("agentos_call_duration_seconds_count") == 2)
            #expect(page.value("agentos_call_duration_seconds_bucket", ["le": "14400.0"]) == 2)
        }
    }

    @Test func whatTheCheckerIsForIsFound() {
        let bad = """
            # TYPE calls counter
            calls{agent="a"} 1
            # HELP wait_ms How long.
            # TYPE wait_ms gauge
            wait_ms -1
            # HELP things_total Things.
            # TYPE things_total gauge
            things_total{A="x"} 1
            things_total{A="x"} 1
            # HELP size_seconds Size.
            # TYPE size_seconds histogram
            size_seconds_bucket{le="1"} 2
            size_seconds_bucket{le="+Inf"} 1
            size_seconds_sum 1
            size_seconds_count 1
            """
        let found = Exposition(bad + "\n").faults.joined(separator: "\n")
        for fault in [
            "calls has no help", "calls is a counter without _total", "wait_ms has a unit", "things_total is no counter",
            "things_total has labels", "twice", "size_seconds has buckets that are not cumulative",
        ] { #expect(found.contains(fault), "\(fault)") }
    }

    @Test func theSystemsFiguresAreReadWhateverTheProgramIsCalled() throws {
        let fields = "S 1 1 1 0 -1 4194560 9 9 9 9 250 150 9 9 20 0 4 0 5000 1048576 64 1844"
        let status = try #require(
            ProcessStatus(
                process: "77 (a) b (c)) \(fields)",
                system: "cpu 1 2\nbtime 1700000000\n",
                units: .init(ticksPerSecond: 100, pageBytes: 4096),
                openDescriptors: 7
            )
        )
        #expect(status.cpuSeconds == 4 && status.startSeconds == 1_700_000_050)
        #expect(status.virtualBytes == 1_048_576 && status.residentBytes == 64 * 4096 && status.openDescriptors == 7)
        #expect(ProcessStatus(process: "", system: "", units: .init(ticksPerSecond: 100, pageBytes: 4096), openDescriptors: 7) == nil)
    }
}
