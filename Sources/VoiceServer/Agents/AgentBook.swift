import Synchronization

/// The agents in force: who answers which number.
///
/// It is replaced as a whole while the server runs.
package final class AgentBook: Sendable {
    private struct Content {
        var file: AgentFile
        var byNumber: [String: AgentDefinition] = [:]
        /// Who answers all other numbers.
        var others: AgentDefinition?
        var generation: Int

        init(_ file: AgentFile, generation: Int) {
            self.file = file
            self.generation = generation
            for agent in file.agents {
                if agent.numbers.isEmpty { others = others ?? agent }
                for number in agent.numbers { byNumber[number] = agent }
            }
        }
    }

    private let content: Mutex<Content>

    /// Makes a book of a file without faults.
    package init(_ file: AgentFile) {
        content = Mutex(Content(file, generation: 1))
    }

    /// What the book was made from.
    package var file: AgentFile { content.withLock(\.file) }

    /// The agents, in the file's order.
    package var agents: [AgentDefinition] { file.agents }

    /// How often the content was put in: 1 at the start.
    package var generation: Int { content.withLock(\.generation) }

    /// Who answers a number or SIP address, however it is spelled; nil where none of the agents does.
    package func agent(forNumber number: String) -> AgentDefinition? {
        let number = DialledNumber.normal(number)
        return content.withLock { $0.byNumber[number] ?? $0.others }
    }

    /// The agent of this name.
    package func agent(named name: String) -> AgentDefinition? {
        agents.first { $0.name == name }
    }

    /// Puts in what another file without faults says; running calls keep the agents they have.
    package func replace(with file: AgentFile) {
        content.withLock { $0 = Content(file, generation: $0.generation + 1) }
    }
}
