import Foundation
import FuzzTargets

/// The target that `FUZZ_TARGET` names; chosen once, since libFuzzer calls back millions of times.
private let target: FuzzTarget = {
    let name = ProcessInfo.processInfo.environment["FUZZ_TARGET"] ?? ""
    guard let target = FuzzTarget.all.first(where: { $0.name == name }) else {
        print("FUZZ_TARGET must be one of \(FuzzTarget.all.map(\.name).joined(separator: " "))")
        exit(64)
    }
    return target
}()

/// Called by libFuzzer before it reads its corpus: writes the target's seeds into the folder `FUZZ_SEEDS`.
@_cdecl("LLVMFuzzerInitialize")
package func initialize(_: UnsafeMutableRawPointer, _: UnsafeMutableRawPointer) -> CInt {
    guard let folder = ProcessInfo.processInfo.environment["FUZZ_SEEDS"] else { return 0 }
    for (index, seed) in target.seeds.enumerated() {
        try? Data(seed).write(to: URL(fileURLWithPath: "\(folder)/seed-\(index)"))
    }
    return 0
}

/// Called by libFuzzer with an input; the end of the process is what it takes for a finding, and it keeps the input then.
@_cdecl("LLVMFuzzerTestOneInput")
package func testOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    do {
        try target.feed(Array(UnsafeBufferPointer(start: bytes, count: count)))
    } catch {
        FileHandle.standardError.write(Data("BROKEN PROMISE: \(target.name): \(error)\n".utf8))
        abort()
    }
    return 0
}
