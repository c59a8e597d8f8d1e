"""The measured table that the package ships, its typed reader, and the verdict on each of its cases."""
