/**
 * Labelled examples as training takes them: one by one, shuffled, mapped, cached, in batches. Knows pictures and arrays,
 * neither networks nor losses.
 */
@NullMarked
package dev.graft.dataset;

import org.jspecify.annotations.NullMarked;
