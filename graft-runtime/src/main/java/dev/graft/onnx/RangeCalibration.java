package dev.graft.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.graft.Closing;
import dev.graft.tensor.HostTensor;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** Runs a float network over pictures and records which numbers flow between its layers. */
public final class RangeCalibration implements AutoCloseable {
    private final OrtSession session;
    private final Closing closing;
    private final QuantizationPlan plan;
    private final Map<String, ChannelNumbers> numbers = new LinkedHashMap<>();

    /** The range of each value that is to be quantised, by name. */
    public static final class Ranges {
        private final Map<String, ValueRange> byValue;

        private Ranges(Map<String, ValueRange> byValue) {
            this.byValue = byValue;
        }

        ValueRange of(String value) {
            // The pixels, which come from outside or from nodes that make them of a picture.
            ValueRange range = byValue.get(value.startsWith(OnnxExport.PICTURE) ? OnnxExport.INPUT : value);
            if (range == null) {
                throw new IllegalArgumentException("the network that was calibrated has no value " + value);
            }
            return range;
        }
    }

    private RangeCalibration(OrtSession session, QuantizationPlan plan) {
        this.session = session;
        this.closing = OnnxRuntime.closing("the calibration", session);
        this.plan = plan;
    }

    /**
     * Loads a network.
     *
     * @param content of a file without preprocessing, batch normalisation folded
     * @throws dev.graft.GraftException if ONNX Runtime refuses it
     */
    public static RangeCalibration open(byte[] content) {
        ModelProto model = Models.parse(content);
        QuantizationPlan plan = QuantizationPlan.of(model.getGraph());
        Set<String> wanted = new LinkedHashSet<>(plan.values().values());
        wanted.remove(OnnxExport.INPUT);
        GraphProto.Builder graph = model.getGraph().toBuilder().clearOutput();
        wanted.forEach(value -> graph.addOutput(anyFloat(value)));
        OnnxRuntime.environment();
        try (var options = new OrtSession.SessionOptions()) {
            byte[] recording = model.toBuilder().setGraph(graph).build().toByteArray();
            return new RangeCalibration(OnnxRuntime.session(recording, options), plan);
        } catch (OrtException e) {
            throw OnnxRuntime.failure("the network to calibrate was refused", e);
        }
    }

    private static ValueInfoProto anyFloat(String name) {
        TypeProto.Tensor.Builder tensor = TypeProto.Tensor.newBuilder().setElemType(DataType.FLOAT.getNumber());
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder().setTensorType(tensor))
                .build();
    }

    /** The first pass, over all pictures: how the channels of each value compare. Pixels {@code [N, 3, S, S]}. */
    public void measure(HostTensor pixels) {
        run(pixels, ChannelNumbers::measure);
    }

    /** The second pass, over the same pictures: how often each number is seen. */
    public void count(HostTensor pixels) {
        run(pixels, ChannelNumbers::count);
    }

    private interface Pass {
        void take(ChannelNumbers numbers, FloatBuffer values, long[] shape);
    }

    private void run(HostTensor pixels, Pass pass) {
        try (var use = closing.use();
                OnnxTensor input = OnnxSession.tensor(pixels);
                OrtSession.Result result = session.run(Map.of(OnnxExport.INPUT, input))) {
            pass.take(of(OnnxExport.INPUT), pixels.values(), input.getInfo().getShape());
            for (var entry : result) {
                OnnxTensor value = (OnnxTensor) entry.getValue();
                pass.take(
                        of(entry.getKey()),
                        value.getFloatBuffer(),
                        value.getInfo().getShape());
            }
        } catch (OrtException e) {
            throw OnnxRuntime.failure("a run of the network to calibrate failed", e);
        }
    }

    private ChannelNumbers of(String value) {
        return numbers.computeIfAbsent(value, name -> new ChannelNumbers(plan.floor(name), plan.evenness(name)));
    }

    /** What the pictures so far say. */
    public Ranges ranges() {
        Map<String, ValueRange> ranges = new HashMap<>();
        numbers.forEach((value, seen) -> ranges.put(value, seen.range()));
        return new Ranges(ranges);
    }

    @Override
    public void close() {
        closing.close();
    }
}
