/**
 * Files of weights as other programs write them: torch, Keras, TensorFlow Lite, GGUF, ONNX.
 * {@link dev.graft.formats.WeightFormats} tells them apart by their content; each gives a {@link dev.graft.weights.WeightFile}.
 *
 * <p>Files may come from anywhere: nothing in them is run, and nothing is believed before it is checked.
 */
@NullMarked
package dev.graft.formats;

import org.jspecify.annotations.NullMarked;
