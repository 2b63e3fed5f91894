import Foundation

/// A folder of its own for one test.
struct FolderFixture {
    let path = FileManager.default.temporaryDirectory.path + "/agentos-test-\(UUID().uuidString)"

    /// Makes the folder.
    func make() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }

    /// Removes the folder and what is in it.
    func remove() {
        try? FileManager.default.removeItem(atPath: path)
    }
}
