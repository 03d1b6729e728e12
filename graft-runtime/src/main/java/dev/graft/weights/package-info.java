/**
 * Named weights out of files: what every reader gives ({@link dev.graft.weights.WeightFile}), safetensors, and strict
 * loading. Further formats are in {@code dev.graft.formats} of the module graft-zoo. Every reader treats its file as hostile:
 * it is either read or refused with one clear line, in time and memory bounded by the size of the file.
 */
@NullMarked
package dev.graft.weights;

import org.jspecify.annotations.NullMarked;
