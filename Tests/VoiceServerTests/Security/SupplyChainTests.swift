import Foundation
import Testing

/// What others made comes in versions that were chosen, not in the newest there is.
@Suite struct SupplyChainTests {
    @Test func everyPackageIsPinnedToOneVersion() throws {
        let manifest = try String(contentsOfFile: "Package.swift", encoding: .utf8)
        let packages = manifest.split(separator: "\n").filter { $0.contains(".package(url:") }
        #expect(packages.count > 10)
        for package in packages { #expect(package.contains("exact: \""), "\(package)") }
    }

    @Test func everyArchiveIsPinnedByItsHash() throws {
        let script = try String(contentsOfFile: "Scripts/setup.sh", encoding: .utf8)
        let pinned = script.split(separator: "\n").filter { $0.contains("==") && $0.contains("echo \"") }
        #expect(pinned.count >= 3)
        for line in pinned { #expect(line.contains(#/--hash=sha256:[0-9a-f]{64}"/#), "\(line)") }
        #expect(script.contains("--require-hashes"))
        for tool in ["curl ", "wget ", "git clone"] { #expect(!script.contains(tool)) }
    }
}
