//! Checks, service levels and waivers from a file, held against a report. Pure: no file is read here and nothing is asked.
