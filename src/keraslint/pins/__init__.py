"""From the files of a project to KerasReleases: the Keras releases that it allows, and the lines that say so."""
