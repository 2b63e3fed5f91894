/// Which program runs: its version, and what it was built from.
package struct ProgramVersion: Sendable, Equatable, CustomStringConvertible {
    /// The semantic version of this source tree; CHANGELOG.md says what is in it.
    package static let number = "0.1.0"

    /// The commit, with `+` behind it if sources were changed since; `unknown` outside a repository.
    package let commit: String

    /// Makes the version of a program built from `commit`.
    package init(commit: String) { self.commit = commit }

    /// How the program was compiled.
    ///
    /// A debug build answers calls, too, but more slowly.
    package static var build: String {
        #if DEBUG
        "debug build"
        #else
        "release build"
        #endif
    }

    /// Version and commit, for example `0.1.0 (1f2e3d4c5b6a)`.
    package var description: String { "\(Self.number) (\(commit))" }
}
