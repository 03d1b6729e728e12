/**
 * Heads that are solved rather than trained: from features, computed once, to the weights of a layer, to convergence.
 * What they give are ordinary layers, so they run and export as every other.
 */
@NullMarked
package dev.graft.heads;

import org.jspecify.annotations.NullMarked;
