//! YAML files to a validated spec, with every problem at its place.
