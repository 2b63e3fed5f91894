import Foundation

/// A folder of its own for one test.
struct FolderFixture {
    let path = FileManager.default.temporaryDirectory.path + "/agentos-test-\(UUID().uuidString)"

    /// Removes the folder and what is in it.
    func remove() {
        try? FileManager.default.removeItem(atPath: path)
    }
}
