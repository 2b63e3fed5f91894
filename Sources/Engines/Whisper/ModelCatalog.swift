/// The Whisper models that can be installed by name, each file pinned by size and hash.
///
/// The files are sherpa-onnx's own int8 exports of OpenAI's weights (MIT), at fixed revisions. Sizes and hashes were not computed by downloading: they
/// are the ones that the repositories' large-file records state, as several independent projects that pin the same files repeat them.
package struct ModelCatalog: Sendable {
    /// One model.
    package struct Entry: Sendable, Equatable {
        /// What it is installed as, for example `base.en`.
        package var name: String
        /// What to expect of it, in a few words.
        package var summary: String
        /// The licence of the weights.
        package var licence = "MIT"
        /// Its encoder, decoder and token list.
        package var files: [File]

        /// The bytes of all files.
        package var size: Int { files.reduce(0) { $0 + $1.size } }
    }

    /// One file of a model.
    package struct File: Sendable, Equatable {
        /// The file's name in the model's folder.
        package var name: String
        /// Where it is downloaded from.
        package var url: String
        /// Bytes.
        package var size: Int
        /// SHA-256, 64 hexadecimal digits in lower case.
        package var sha256: String

        /// Makes a file's record.
        package init(name: String, url: String, size: Int, sha256: String) {
            self.name = name
            self.url = url
            self.size = size
            self.sha256 = sha256
        }
    }

    /// All models, smallest first.
    package static let entries: [Entry] = pinned.map(\.entry)

    /// The model of a name; nil when it is not in the catalogue.
    package static func entry(named name: String) -> Entry? {
        entries.first { $0.name == name }
    }
}
