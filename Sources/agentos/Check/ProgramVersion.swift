/// The program's own version.
enum ProgramVersion {
    /// Semantic version of this source tree.
    static let current = "0.1.0"

    /// How this program was compiled: a debug build answers calls, too, but later.
    static var build: String {
        #if DEBUG
        "debug build"
        #else
        "release build"
        #endif
    }
}
