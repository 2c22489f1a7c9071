"""From hits to pictures and from pictures to labels: image sets, classifiers, clusters."""
