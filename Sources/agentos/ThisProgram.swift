import VoiceServer

/// The program that runs.
///
/// Its commit comes from a file that `Scripts/stamp-commit.sh` writes before each build.
enum ThisProgram {
    /// Version and commit.
    static let version = ProgramVersion(commit: builtFromCommit)
}
