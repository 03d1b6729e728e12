/**
 * The {@code .graft} file, one trained classifier in one file, and the classifier that runs it. Nothing here loads
 * libtorch: prediction is ONNX Runtime's.
 */
@NullMarked
package dev.graft.bundle;

import org.jspecify.annotations.NullMarked;
