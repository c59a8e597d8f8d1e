"""Project files to KerasReleases: which Keras this project gets, and the lines that say so."""
