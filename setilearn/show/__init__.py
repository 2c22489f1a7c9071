"""Every picture of the course: still figures and interactive explorers."""
