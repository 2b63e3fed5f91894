import Testing

@testable import Redis

/// What `REDIS_URL` may be, and that nobody sees its password.
@Suite struct RedisAddressTests {
    @Test func theUsualFormsAreRead() throws {
        let plain = try #require(RedisAddress("redis://cache.example.com"))
        #expect(plain.endpoint == .host("cache.example.com", port: 6379, isSecure: false))
        #expect(plain.database == 0 && plain.user == nil && plain.password == nil)
        let full = try #require(RedisAddress("rediss://agent:s%40cret@10.0.0.1:6380/3?ca=/etc/redis.pem"))
        #expect(full.endpoint == .host("10.0.0.1", port: 6380, isSecure: true))
        #expect(full.user == "agent" && full.password == "s@cret" && full.database == 3 && full.trustedCertificates == "/etc/redis.pem")
        #expect(RedisAddress("redis://:secret@localhost")?.password == "secret")
        #expect(RedisAddress("redis://[::1]:7000")?.endpoint == .host("::1", port: 7000, isSecure: false))
        #expect(RedisAddress("unix:/run/redis.sock?db=2")?.endpoint == .unixSocket("/run/redis.sock"))
    }

    @Test(arguments: [
        "", "localhost:6379", "http://localhost", "redis://", "redis://host/x", "redis://host/-1", "redis://host?x=1", "unix:x", "redis://h#f",
    ])
    func anythingElseIsNone(text: String) {
        #expect(RedisAddress(text) == nil)
    }

    @Test func itsDescriptionHoldsNoPassword() throws {
        let address = try #require(RedisAddress("rediss://agent:secret@host:1/2"))
        #expect("\(address)" == "rediss://host:1/2")
    }

    @Test func pausesDoubleUpToTheLongestAndBeginAnew() {
        var random = SystemRandomNumberGenerator()
        var backoff = RedisBackoff(first: .milliseconds(100), longest: .milliseconds(400))
        for expected in [100, 200, 400, 400] {
            let pause = backoff.next(using: &random)
            #expect(pause >= .milliseconds(expected / 2) && pause <= .milliseconds(expected))
        }
        backoff.reset()
        #expect(backoff.next(using: &random) <= .milliseconds(100))
    }
}
