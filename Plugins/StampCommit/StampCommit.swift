import PackagePlugin

/// Writes the commit that a target is built from into a source file of that target, before each build.
@main
struct StampCommit: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: any Target) async throws -> [Command] {
        let root = context.package.directoryURL
        return [
            .prebuildCommand(
                displayName: "Reading the commit",
                executable: root.appending(path: "Scripts/stamp-commit.sh"),
                arguments: [root.path(), context.pluginWorkDirectoryURL.path()],
                outputFilesDirectory: context.pluginWorkDirectoryURL
            )
        ]
    }
}
