"""From hits to events: on and off, and star after star."""
