"""Importing into triple stores, and proving that the graph arrived."""
