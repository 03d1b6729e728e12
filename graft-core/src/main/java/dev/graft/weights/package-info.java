/**
 * Files of trained weights: readers that give a {@link dev.graft.weights.WeightFile}, the safetensors writer, strict
 * loading and the weights packed into Graft. Pure Java: no native library is touched. Every reader treats its file as
 * hostile: it is either read or refused with one clear line, in time and memory bounded by the size of the file.
 */
@NullMarked
package dev.graft.weights;

import org.jspecify.annotations.NullMarked;
