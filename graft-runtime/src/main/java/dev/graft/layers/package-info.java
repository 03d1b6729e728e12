/**
 * One small immutable record a layer: its components are its saved configuration; weights live outside, in the network.
 * Names are Keras', weight layouts torch's. Activations are {@code [N, channels, height, width]} or {@code [N, units]}.
 */
@NullMarked
package dev.graft.layers;

import org.jspecify.annotations.NullMarked;
