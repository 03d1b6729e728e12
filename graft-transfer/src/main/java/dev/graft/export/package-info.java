/**
 * Trained classifiers for other programs: ONNX files in three precisions, safetensors with the names of torch. What is
 * written was run and compared with the network in libtorch before.
 */
@NullMarked
package dev.graft.export;

import org.jspecify.annotations.NullMarked;
