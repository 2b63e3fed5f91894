import ArgumentParser
import TwilioTwin

/// Who is called in a simulated call: words with commas between them.
struct CalleeList: Equatable {
    /// The callees, in the order in which they are called.
    let callees: [Callee]

    /// Reads `busy,voicemail,human:8`.
    ///
    /// - Throws: an error that names the words that exist.
    init(parsing argument: String) throws {
        callees = try argument.split(separator: ",", omittingEmptySubsequences: false).map { word in
            guard let callee = Callee(String(word)) else {
                throw ValidationError("\"\(word)\" is no callee; give words of \(Callee.words.joined(separator: ", ")), with commas between them.")
            }
            return callee
        }
    }
}
