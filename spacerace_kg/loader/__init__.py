"""The loading side: source facts, checked against the ontology, to Turtle."""
