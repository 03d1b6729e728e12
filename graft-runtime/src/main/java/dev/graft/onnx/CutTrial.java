package dev.graft.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnxruntime.OrtException;
import dev.graft.GraftException;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import java.util.Arrays;

/**
 * Tries out a network from a file that was cut.
 *
 * @param description of the file, for messages
 * @param value that it was cut at
 * @param side of the pictures in pixels
 */
record CutTrial(String description, String value, int side) {
    private static final double TOLERANCE = 1e-3;

    /**
     * What the file's own nodes give for a picture.
     *
     * @throws GraftException if ONNX Runtime refuses them
     */
    OnnxProbe.Value bare(ModelProto model) {
        try (OnnxProbe probe = OnnxProbe.open(model.toByteArray())) {
            return probe.run(waves(side, 1));
        } catch (OrtException e) {
            throw fault("ONNX Runtime does not run it up to " + ForeignNodes.quoted(value) + " for pictures of " + side
                    + " pixels: " + firstLine(e));
        }
    }

    /**
     * Runs it as Graft does later, and says whether it takes two pictures at once as it takes them one by one.
     *
     * @param graph of the cut network
     * @param expected the features that the file's own nodes give
     * @throws GraftException if it gives other numbers
     */
    boolean takesTwo(byte[] graph, float[] expected) {
        try (OnnxProbe probe = OnnxProbe.open(graph)) {
            double difference = difference(expected, probe.run(waves(side, 1)).numbers());
            if (!(difference <= TOLERANCE)) {
                throw fault("cut at " + ForeignNodes.quoted(value) + " its features differ by " + difference
                        + " from what the file gives; cut it elsewhere, or export it for the newest version of ONNX's"
                        + " operators");
            }
            HostTensor two = waves(side, 2);
            HostTensor second =
                    HostTensor.of(Shape.of(1, 3, side, side), two.rows().get(1));
            float[] other = probe.run(second).numbers();
            return takes(probe, two, expected, other);
        } catch (OrtException e) {
            throw fault("ONNX Runtime does not run it after the cut: " + firstLine(e));
        }
    }

    private static boolean takes(OnnxProbe probe, HostTensor two, float[] first, float[] second) {
        try {
            float[] both = probe.run(two).numbers();
            return both.length == first.length + second.length
                    && difference(first, Arrays.copyOf(both, first.length)) <= TOLERANCE
                    && difference(second, Arrays.copyOfRange(both, first.length, both.length)) <= TOLERANCE;
        } catch (OrtException e) {
            return false;
        }
    }

    /** The largest, as a share of the largest magnitude; NaN if any number is none. */
    private static double difference(float[] expected, float[] actual) {
        if (expected.length != actual.length) {
            return Double.NaN;
        }
        double scale = 1e-6;
        double difference = 0;
        for (int i = 0; i < expected.length; i++) {
            scale = Math.max(scale, Math.abs(expected[i]));
            difference = Math.max(difference, Math.abs((double) actual[i] - expected[i]));
        }
        return difference / scale;
    }

    /** Pictures of slow waves between -1 and 1, each other than the one before. */
    private static HostTensor waves(int side, int count) {
        HostTensor pictures = HostTensor.allocate(Shape.of(count, 3, side, side));
        for (int i = 0; i < pictures.elements(); i++) {
            pictures.put(i, (float) Math.sin(i * 0.05 + i / (side * side) * 1.7));
        }
        return pictures;
    }

    private static String firstLine(OrtException e) {
        String line = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        return line.length() <= 300 ? line : line.substring(0, 300) + "...";
    }

    private GraftException fault(String what) {
        return new GraftException(description + ": " + what);
    }
}
