"""Wikidata: what it says of the entities that the graph links, and what the two owe each other."""
