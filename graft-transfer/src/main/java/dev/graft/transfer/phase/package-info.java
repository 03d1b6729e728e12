/**
 * One phase: what it trains on, how its head is solved or its weights are chosen, how they do, and the proof that what is
 * frozen did not change.
 */
@NullMarked
package dev.graft.transfer.phase;

import org.jspecify.annotations.NullMarked;
