"""Reasoning: OWL consistency, inferred types with HermiT, SHACL shapes."""
