/** The one pass over the pictures, the store of what the frozen part of a network gives for them, and batches from it. */
@NullMarked
package dev.graft.transfer.features;

import org.jspecify.annotations.NullMarked;
