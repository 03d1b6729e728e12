package dev.graft.cli;

import java.util.Optional;

/** A command that also writes a file which no option has named. */
interface UnnamedOutput {
    /** That file; empty where an option has named it after all. */
    Optional<OutputFile> unnamed();
}
