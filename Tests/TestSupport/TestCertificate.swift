import Foundation

/// Certificates that are good for 127.0.0.1 and `localhost`, signed by themselves, and for nothing but these tests.
package struct TestCertificate: Sendable {
    /// The certificate, PEM.
    package let certificate: String
    /// Its private key, PEM.
    package let key: String

    /// Makes a pair, which need not belong together.
    package init(certificate: String, key: String) {
        self.certificate = certificate
        self.key = key
    }

    /// Writes both files; what was there before is replaced in one step, as programs that renew certificates do.
    package func write(to folder: String) throws -> (certificate: String, key: String) {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let paths = ("\(folder)/tls.crt", "\(folder)/tls.key")
        try certificate.write(toFile: paths.0, atomically: true, encoding: .utf8)
        try key.write(toFile: paths.1, atomically: true, encoding: .utf8)
        return paths
    }

    /// One of the two.
    package static let one = TestCertificate(
        certificate: """
            -----BEGIN CERTIFICATE-----
            MIIBqjCCAU+gAwIBAgIUToSF6X28HMO7UYIiE8wxUoI5jLgwCgYIKoZIzj0EAwIw
            GzEZMBcGA1UEAwwQYWdlbnRvcyB0ZXN0IG9uZTAgFw0yNjExMjYxMjEwMzNaGA8y
            MTI2MTEwMjEyMTAzM1owGzEZMBcGA1UEAwwQYWdlbnRvcyB0ZXN0IG9uZTBZMBMG
            ByqGSM49AgEGCCqGSM49AwEHA0IABFeBH4QCJ+f2iLH45EsRfP9gT92Vfwb4lqDc
            KjnpPApH1RHBf+4ax3Jsl+n6n3FqWJqVBJ8Fh82kPRSF+sUmk2mjbzBtMB0GA1Ud
            DgQWBBSMg/51LyGioUg/4Xh4ZfQKnPLLWzAfBgNVHSMEGDAWgBSMg/51LyGioUg/
            4Xh4ZfQKnPLLWzAPBgNVHRMBAf8EBTADAQH/MBoGA1UdEQQTMBGHBH8AAAGCCWxv
            Y2FsaG9zdDAKBggqhkjOPQQDAgNJADBGAiEAtq2G/wJ1X0Ugh4DbyDf/bKbGrJJN
            92mbGKRgau/MJ4gCIQCE3wiZzl52RvmZLB/p1rLjNQjxh0K2LuUrJtF5NQElUg==
            -----END CERTIFICATE-----

            """,
        key: """
            -----BEGIN PRIVATE KEY-----
            MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQglA08XXAM+CGHb6c5
            t1cjMBdKICSzLYsjLTXgbED+TxihRANCAARXgR+EAifn9oix+ORLEXz/YE/dlX8G
            +Jag3Co56TwKR9URwX/uGsdybJfp+p9xalialQSfBYfNpD0UhfrFJpNp
            -----END PRIVATE KEY-----

            """
    )

    /// The other.
    package static let two = TestCertificate(
        certificate: """
            -----BEGIN CERTIFICATE-----
            MIIBqDCCAU+gAwIBAgIUM8P60k81JFm9WMIYRcu9Nhj4cZYwCgYIKoZIzj0EAwIw
            GzEZMBcGA1UEAwwQYWdlbnRvcyB0ZXN0IHR3bzAgFw0yNjExMjYxMjEwMzNaGA8y
            MTI2MTEwMjEyMTAzM1owGzEZMBcGA1UEAwwQYWdlbnRvcyB0ZXN0IHR3bzBZMBMG
            ByqGSM49AgEGCCqGSM49AwEHA0IABDiPfAk/QsbCQj5lvFWK7T6B6PeCkx5VSlVV
            XB/GPQ9Q4AYZNJO8DDOXJLhLX4bsvoUnjHluNkk24V7Qa8Dvwr+jbzBtMB0GA1Ud
            DgQWBBSnkaCBSQEWaXP3H7LNP4p652lA7jAfBgNVHSMEGDAWgBSnkaCBSQEWaXP3
            H7LNP4p652lA7jAPBgNVHRMBAf8EBTADAQH/MBoGA1UdEQQTMBGHBH8AAAGCCWxv
            Y2FsaG9zdDAKBggqhkjOPQQDAgNHADBEAiAgHWCy24E4rIq6Nqr5K7YDC95/N+Gk
            31imwB+lUAXYkQIgHLZrs5FbGbLaMnoTBZtNiXVXoQESCg/Rt2MKGLQ35/M=
            -----END CERTIFICATE-----

            """,
        key: """
            -----BEGIN PRIVATE KEY-----
            MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgsINbMfcmsJ9bdX78
            sZW/qXyEnx++4ib2R2cKwFJL9xuhRANCAAQ4j3wJP0LGwkI+ZbxViu0+gej3gpMe
            VUpVVVwfxj0PUOAGGTSTvAwzlyS4S1+G7L6FJ4x5bjZJNuFe0GvA78K/
            -----END PRIVATE KEY-----

            """
    )
}
