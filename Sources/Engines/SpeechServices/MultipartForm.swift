import Foundation

/// A form with a file in it, as RFC 7578 has it.
struct MultipartForm {
    /// What stands between the parts; drawn at random, so that no part holds it.
    private let boundary = "agentos-\(UUID().uuidString)"
    private var bytes: [UInt8] = []

    /// The type of the body.
    var contentType: String { "multipart/form-data; boundary=\(boundary)" }

    /// The body, with its end.
    var body: [UInt8] { bytes + Array("--\(boundary)--\r\n".utf8) }

    /// Adds a field.
    mutating func add(_ name: String, _ value: String) {
        bytes += Array("--\(boundary)\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n".utf8)
    }

    /// Adds a file.
    mutating func add(_ name: String, file: String, type: String, _ content: [UInt8]) {
        let head = "--\(boundary)\r\nContent-Disposition: form-data; name=\"\(name)\"; filename=\"\(file)\"\r\nContent-Type: \(type)\r\n\r\n"
        bytes += Array(head.utf8) + content + Array("\r\n".utf8)
    }
}
