"""What people and workers do in the Lab."""
