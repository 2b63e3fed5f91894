// swift-tools-version: 6.3

import PackageDescription

/// One set of rules for every target of ours.
///
/// Each line names the Swift Evolution proposal that explains it.
let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),  // SE-0335
    .enableUpcomingFeature("InternalImportsByDefault"),  // SE-0409
    .enableUpcomingFeature("MemberImportVisibility"),  // SE-0444
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),  // SE-0461
    .enableUpcomingFeature("InferIsolatedConformances"),  // SE-0470
    .treatAllWarnings(as: .error),  // SE-0443
    .treatWarning("DeprecatedDeclaration", as: .warning),
]

/// The engines alone talk to C; there every unsafe expression says so (SE-0458).
let engineSettings = settings + [.strictMemorySafety()]

let hummingbird = "hummingbird"
let nio = "swift-nio"

let package = Package(
    name: "agentos-voice",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "agentos", targets: ["agentos"])
    ],
    dependencies: [
        .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", exact: "2.37.6"),
        .package(url: "https://github.com/apple/swift-nio-extras", exact: "1.35.2"),
        .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0"),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", exact: "2.13.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-configuration", exact: "1.4.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
        .package(url: "https://github.com/swift-server/async-http-client", exact: "1.37.0"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
    ],
    targets: [
        .systemLibrary(name: "CSpeexDSP"),
        .systemLibrary(name: "CFlite"),
        .target(name: "COnnxRuntime"),
        // Without optimisation, also in debug, a window takes fifteen times as long.
        .target(name: "CVoiceActivity", cSettings: [.unsafeFlags(["-O2"])]),

        .target(name: "Audio", dependencies: ["CSpeexDSP"], swiftSettings: settings),
        .target(
            name: "Twilio",
            dependencies: [.product(name: "Crypto", package: "swift-crypto")],
            swiftSettings: settings
        ),
        .target(name: "Conversation", dependencies: ["Audio"], swiftSettings: settings),
        .target(
            name: "Diagnostics",
            dependencies: [
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: nio),
                .product(name: "NIOPosix", package: nio),
                .product(name: "NIOHTTP1", package: nio),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            swiftSettings: settings
        ),
        .target(
            name: "Redis",
            dependencies: [
                "Diagnostics",
                .product(name: "NIOCore", package: nio),
                .product(name: "NIOPosix", package: nio),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings
        ),
        .target(
            name: "Engines",
            dependencies: [
                "Audio", "Conversation", "Diagnostics", "CFlite", "COnnxRuntime", "CVoiceActivity",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: nio),
                .product(name: "NIOPosix", package: nio),
                .product(name: "NIOHTTP1", package: nio),
            ],
            swiftSettings: engineSettings
        ),
        .target(
            name: "TwilioTwin",
            dependencies: [
                "Audio", "Twilio", "Diagnostics",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: nio),
                .product(name: "NIOPosix", package: nio),
                .product(name: "NIOHTTP1", package: nio),
                .product(name: "NIOWebSocket", package: nio),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            swiftSettings: settings
        ),
        .target(
            name: "VoiceServer",
            dependencies: [
                "Audio", "Twilio", "Conversation", "Engines", "Redis", "Diagnostics",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Hummingbird", package: hummingbird),
                .product(name: "HummingbirdCore", package: hummingbird),
                .product(name: "NIOCore", package: nio),
                .product(name: "NIOPosix", package: nio),
                .product(name: "NIOHTTP1", package: nio),
                .product(name: "NIOWebSocket", package: nio),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "Yams", package: "Yams"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
                .product(name: "GRDB", package: "GRDB.swift"),
            ],
            // The dashboard's files become part of the program.
            resources: ["calls.js", "page.css", "page.html", "page.js"].map { .embedInCode("Dashboard/Resources/\($0)") },
            swiftSettings: settings
        ),
        .executableTarget(
            name: "agentos",
            dependencies: [
                "VoiceServer", "TwilioTwin", "Engines", "Conversation", "Twilio", "Audio", "Diagnostics",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: nio),
                .product(name: "NIOHTTP1", package: nio),
            ],
            swiftSettings: settings,
            plugins: ["StampCommit"]
        ),
        .plugin(name: "StampCommit", capability: .buildTool()),
        .target(name: "CAllocations", path: "Benchmarks/CAllocations"),
        .executableTarget(
            name: "benchmarks",
            dependencies: [
                "VoiceServer", "TwilioTwin", "Engines", "Conversation", "Twilio", "Audio", "CSpeexDSP", "CAllocations", "TestSupport",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: nio),
                .product(name: "NIOHTTP1", package: nio),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            path: "Benchmarks",
            exclude: ["CAllocations"],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "soak",
            dependencies: [
                "TwilioTwin", "Engines", "Twilio", "Audio", "TestSupport",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: nio),
                .product(name: "NIOPosix", package: nio),
                .product(name: "NIOHTTP1", package: nio),
            ],
            path: "Soak",
            swiftSettings: settings
        ),

        .target(
            name: "TestSupport",
            dependencies: [
                "Audio", "Conversation", "TwilioTwin",
                .product(name: "NIOCore", package: nio),
                .product(name: "NIOPosix", package: nio),
            ],
            path: "Tests/TestSupport",
            swiftSettings: settings
        ),
        .target(
            name: "FuzzTargets",
            dependencies: ["Audio", "Twilio", "Redis", "TestSupport", .product(name: "NIOCore", package: nio)],
            path: "Tests/FuzzTargets",
            swiftSettings: settings
        ),
        .testTarget(name: "FuzzTargetTests", dependencies: ["FuzzTargets", "TestSupport"], swiftSettings: settings),
        .testTarget(
            name: "DiagnosticsTests",
            dependencies: [
                "Diagnostics", "TestSupport",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: nio),
                .product(name: "NIOPosix", package: nio),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            swiftSettings: settings
        ),
        .testTarget(name: "AudioTests", dependencies: ["Audio", "TestSupport"], swiftSettings: settings),
        .testTarget(name: "TwilioTests", dependencies: ["Twilio", "TestSupport"], swiftSettings: settings),
        .testTarget(name: "ConversationTests", dependencies: ["Conversation", "Audio", "TestSupport"], swiftSettings: settings),
        .testTarget(
            name: "EnginesTests",
            dependencies: [
                "Engines", "Conversation", "Audio", "COnnxReference", "TestSupport",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
            ],
            swiftSettings: settings
        ),
        .target(
            name: "COnnxReference",
            dependencies: ["COnnxRuntime"],
            path: "Tests/COnnxReference",
            cSettings: [.headerSearchPath("../../Sources/COnnxRuntime"), .headerSearchPath("../../Sources/COnnxRuntime/include")]
        ),
        .testTarget(
            name: "TwilioTwinTests",
            dependencies: [
                "TwilioTwin", "Twilio", "Audio", "TestSupport",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: nio),
                .product(name: "NIOPosix", package: nio),
                .product(name: "NIOHTTP1", package: nio),
                .product(name: "NIOWebSocket", package: nio),
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "RedisTests",
            dependencies: [
                "Redis", "TestSupport",
                .product(name: "NIOCore", package: nio),
                .product(name: "NIOPosix", package: nio),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "VoiceServerTests",
            dependencies: [
                "VoiceServer", "TwilioTwin", "Engines", "Conversation", "Twilio", "Audio", "Redis", "Diagnostics", "TestSupport",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "NIOCore", package: nio),
                .product(name: "NIOPosix", package: nio),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "NIOHTTP1", package: nio),
                .product(name: "NIOWebSocket", package: nio),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "GRDB", package: "GRDB.swift"),
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "AgentOSTests",
            dependencies: [
                "agentos", "Engines", "VoiceServer", "TwilioTwin", "Twilio", "TestSupport",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: nio),
                .product(name: "NIOPosix", package: nio),
                .product(name: "NIOHTTP1", package: nio),
            ],
            swiftSettings: settings
        ),
    ]
)

// The fuzzer's `main` is in the compiler's library, so that only a build for fuzzing can link it (Scripts/fuzz.sh).
if Context.environment["AGENTOS_FUZZ"] != nil {
    package.products.append(.executable(name: "fuzzer", targets: ["fuzzer"]))
    package.targets.append(
        .executableTarget(
            name: "fuzzer",
            dependencies: ["FuzzTargets"],
            path: "Tests/Fuzzer",
            swiftSettings: settings + [.unsafeFlags(["-parse-as-library"])]
        )
    )
}
