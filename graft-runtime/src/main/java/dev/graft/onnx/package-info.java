/**
 * Frozen networks as ONNX graphs, and their runs in ONNX Runtime. The only place that knows ONNX Runtime and the ONNX
 * protobuf classes.
 */
@NullMarked
package dev.graft.onnx;

import org.jspecify.annotations.NullMarked;
