/**
 * Transfer learning proper: what is frozen and the proof of it, the cache of frozen activations, the phases of a run.
 */
@NullMarked
package dev.graft.transfer;

import org.jspecify.annotations.NullMarked;
