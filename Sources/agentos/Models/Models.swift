import ArgumentParser

struct Models: AsyncParsableCommand {}
