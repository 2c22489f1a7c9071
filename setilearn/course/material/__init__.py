"""What lessons need beside exercises: one module a lesson."""
