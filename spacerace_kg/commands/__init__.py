"""The commands: each module adds some to the parser, runs them, and prints what they return."""
