package dev.graft.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.graft.Closing;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import java.nio.ByteBuffer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The content of an exported file in ONNX Runtime on the CPU, fed as another program would feed it. */
public final class ExportedGraph implements AutoCloseable {
    private final OrtSession session;
    private final Closing closing;

    private ExportedGraph(OrtSession session) {
        this.session = session;
        this.closing = OnnxRuntime.closing("the exported graph", session);
    }

    /**
     * Loads a file's content.
     *
     * @throws dev.graft.GraftException if ONNX Runtime refuses it
     */
    public static ExportedGraph open(byte[] content) {
        OnnxRuntime.environment();
        try (var options = new OrtSession.SessionOptions()) {
            return new ExportedGraph(OnnxRuntime.session(content, options));
        } catch (OrtException e) {
            throw OnnxRuntime.failure("the exported graph was refused", e);
        }
    }

    /** Of a file without preprocessing: pixels {@code [N, 3, S, S]} to logits {@code [N, classes]}. */
    public HostTensor logits(HostTensor pixels) {
        try (var use = closing.use();
                OnnxTensor input = OnnxSession.tensor(pixels);
                OrtSession.Result result = session.run(Map.of(OnnxExport.INPUT, input))) {
            return output(result, OnnxExport.LOGITS);
        } catch (OrtException e) {
            throw OnnxRuntime.failure("a run of the exported graph failed", e);
        }
    }

    /**
     * What a file with preprocessing says of a picture.
     *
     * @param logits {@code [1, classes]}, as the next
     * @param inDistribution {@code [1, 1]}, or null where the file has none
     */
    public record Answer(
            HostTensor logits,
            HostTensor probabilities,
            @Nullable HostTensor inDistribution) {}

    /**
     * Of a file with preprocessing.
     *
     * @param picture rows of pixels of red, green and blue
     */
    public Answer answer(byte[] picture, int height, int width) {
        long[] shape = {1, height, width, 3};
        try (var use = closing.use();
                OnnxTensor input = OnnxTensor.createTensor(
                        OnnxRuntime.environment(), ByteBuffer.wrap(picture), shape, OnnxJavaType.UINT8);
                OrtSession.Result result = session.run(Map.of(OnnxExport.INPUT, input))) {
            return new Answer(
                    output(result, OnnxExport.LOGITS),
                    output(result, OnnxExport.PROBABILITIES),
                    result.get(OnnxExport.IN_DISTRIBUTION).isPresent()
                            ? output(result, OnnxExport.IN_DISTRIBUTION)
                            : null);
        } catch (OrtException e) {
            throw OnnxRuntime.failure("a run of the exported graph failed", e);
        }
    }

    private static HostTensor output(OrtSession.Result result, String name) {
        OnnxTensor numbers = (OnnxTensor) result.get(name).orElseThrow();
        long[] sizes = numbers.getInfo().getShape();
        return new HostTensor(Shape.of(Math.toIntExact(sizes[0]), Math.toIntExact(sizes[1])), numbers.getFloatBuffer());
    }

    @Override
    public void close() {
        closing.close();
    }
}
