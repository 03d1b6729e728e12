/**
 * The command line: reads options, shows what the library does, writes JSON. Holds no training logic; what touches libtorch
 * is reached by {@code train} and {@code demo} alone, so that all other commands start fast.
 */
@NullMarked
package dev.graft.cli;

import org.jspecify.annotations.NullMarked;
