"""What scripts/bench is made of: builds, servers, suites and reports."""
