import ArgumentParser

struct Doctor: AsyncParsableCommand {}
