/// How many tokens a service says that a question and its answer took.
package struct ChatUsage: Sendable, Equatable, Decodable {
    /// The tokens of what the model was told.
    package var prompt: Int
    /// The tokens of what it answered, its thoughts included.
    package var completion: Int

    private enum CodingKeys: String, CodingKey {
        case prompt = "prompt_tokens"
        case completion = "completion_tokens"
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        prompt = max(0, try container.decode(Int.self, forKey: .prompt))
        completion = max(0, (try? container.decodeIfPresent(Int.self, forKey: .completion)) ?? 0)
    }
}
