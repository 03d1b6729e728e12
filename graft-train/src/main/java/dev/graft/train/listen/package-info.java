/**
 * What listens to training: a progress bar, a CSV file, TensorBoard's event files, checkpoints. Each is a consumer of
 * {@link dev.graft.train.TrainingEvent}; several are chained with {@code andThen}. The loop knows none of them.
 */
@NullMarked
package dev.graft.train.listen;

import org.jspecify.annotations.NullMarked;
