/**
 * Training: what is compiled (optimizer, loss), the one loop, and the events that everything else listens to. Knows
 * networks and batches, neither pictures nor caches.
 */
@NullMarked
package dev.graft.train;

import org.jspecify.annotations.NullMarked;
