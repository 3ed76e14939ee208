"""What tests and benchmarks need of the real servers: databases, virtual hosts, conditions with deadlines."""
