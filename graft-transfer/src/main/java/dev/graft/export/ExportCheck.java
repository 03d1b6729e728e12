package dev.graft.export;

import dev.graft.GraftException;
import dev.graft.bundle.Bundle;
import dev.graft.bundle.Classifier;
import dev.graft.bundle.TestPicture;
import dev.graft.data.InputGeometry;
import dev.graft.data.PictureReader;
import dev.graft.data.UnreadablePictureException;
import dev.graft.data.View;
import dev.graft.layers.ForeignGraph;
import dev.graft.model.Cut;
import dev.graft.model.Network;
import dev.graft.model.Program;
import dev.graft.model.Program.Step;
import dev.graft.onnx.ExportedGraph;
import dev.graft.onnx.OnnxGraph;
import dev.graft.onnx.OnnxSession;
import dev.graft.report.Softmax;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import dev.graft.torch.Engine;
import dev.graft.torch.Gradients;
import dev.graft.torch.Scope;
import dev.graft.torch.TorchOps;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * What came out of comparing an exported file in ONNX Runtime with the bundle's network in libtorch.
 *
 * @param difference the largest of any logit, as a share of the largest logit's magnitude, which counts as at least 1
 * @param resized the largest of any probability for pictures that the file resizes and Graft resizes, where single
 *     pixels round to other grey levels; 0 for a file without preprocessing
 */
public record ExportCheck(double difference, double resized) {
    /** The largest {@link #difference} that is accepted. */
    public static final double TOLERANCE = 1e-4;

    /**
     * The largest {@link #difference} that is accepted of a file in half precision. Rounding every weight and value to 11
     * bits, 5e-4 at most each, made up to 8e-3 in trained MobileNets; what overflows is infinite or far off.
     */
    public static final double HALF_TOLERANCE = 2e-2;

    /** The largest {@link #resized} that is accepted. */
    public static final double RESIZED_TOLERANCE = 0.01;

    /**
     * Compares, on pictures made by formulas.
     *
     * @throws GraftException if the file is not accepted
     */
    static ExportCheck of(BundleExport export, byte[] content) {
        Bundle bundle = export.bundle();
        HostTensor test = TestPicture.of(bundle.geometry());
        // What the file is compared with must itself be what was trained.
        List<Float> logits = new ArrayList<>();
        for (float logit : torch(bundle, test).toArray()) {
            logits.add(logit);
        }
        Classifier.check(bundle, logits, export.name());
        UnaryOperator<HostTensor> network = pixels -> torch(bundle, pixels);
        try (ExportedGraph graph = ExportedGraph.open(content)) {
            ExportCheck check = export.preprocesses()
                    ? ofPictures(bundle, graph, network)
                    : new ExportCheck(ofPixels(export, graph, test), 0);
            check.accept(export.name(), export.inHalf() ? HALF_TOLERANCE : TOLERANCE);
            return check;
        }
    }

    /**
     * Compares a file with preprocessing with the same network without, on pictures that need no resize.
     *
     * @throws GraftException if they differ
     */
    static void ofPictures(BundleExport export, byte[] content, byte[] withoutPictures) {
        try (ExportedGraph graph = ExportedGraph.open(content);
                ExportedGraph network = ExportedGraph.open(withoutPictures)) {
            ExportCheck check = ofPictures(export.bundle(), graph, network::logits);
            new ExportCheck(check.difference, 0).accept(export.name(), TOLERANCE);
        }
    }

    /** Negated, so that NaN is refused too. */
    private void accept(String name, double tolerance) {
        if (!(difference <= tolerance && resized <= RESIZED_TOLERANCE + tolerance)) {
            throw new GraftException(String.format(
                    Locale.ROOT,
                    "%s: the ONNX file's logits are apart from libtorch's by %.2g, expected at most %.0e, probabilities of"
                            + " resized pictures by %.2g, expected at most %.2f; nothing was written, please report it",
                    name,
                    difference,
                    tolerance,
                    resized,
                    RESIZED_TOLERANCE + tolerance));
        }
    }

    private static double ofPixels(BundleExport export, ExportedGraph graph, HostTensor test) {
        Bundle bundle = export.bundle();
        int size = bundle.geometry().size();
        int pictures = export.graph().takesAnyBatch() ? 3 : 1;
        HostTensor batch = HostTensor.allocate(Shape.of(pictures, 3, size, size));
        for (int i = 0; i < batch.elements(); i++) {
            batch.put(i, level(i));
        }
        return Math.max(
                share(graph.logits(test), torch(bundle, test)), share(graph.logits(batch), torch(bundle, batch)));
    }

    /** Two that fit but for the crop, so that every pixel is exact; then a larger and a smaller one. */
    private static ExportCheck ofPictures(Bundle bundle, ExportedGraph graph, UnaryOperator<HostTensor> network) {
        int side = bundle.geometry().resize();
        boolean crops = bundle.geometry().fit() == InputGeometry.Fit.CENTER_CROP;
        ExportCheck square = ofPicture(bundle, graph, network, side, side);
        ExportCheck wide = ofPicture(bundle, graph, network, side, crops ? side + 7 : side);
        ExportCheck larger = ofPicture(bundle, graph, network, side * 2 + 1, side * 3 + 2);
        ExportCheck smaller = ofPicture(bundle, graph, network, side / 2 + 3, side / 3 + 2);
        return new ExportCheck(Math.max(square.difference, wide.difference), Math.max(larger.resized, smaller.resized));
    }

    private static ExportCheck ofPicture(
            Bundle bundle, ExportedGraph graph, UnaryOperator<HostTensor> network, int height, int width) {
        byte[] picture = new byte[height * width * 3];
        for (int i = 0; i < picture.length; i++) {
            picture[i] = (byte) level(i);
        }
        HostTensor logits = network.apply(read(picture, height, width, bundle.geometry()));
        double[] probabilities =
                Softmax.of(logits.toArray(), bundle.confidence().temperature());
        ExportedGraph.Answer answer = graph.answer(picture, height, width);
        double apart = 0;
        for (int i = 0; i < probabilities.length; i++) {
            apart = Math.max(apart, Math.abs(answer.probabilities().get(i) - probabilities[i]));
        }
        return new ExportCheck(share(answer.logits(), logits), apart);
    }

    /** As Graft itself reads a picture file, here a PPM. */
    private static HostTensor read(byte[] picture, int height, int width, InputGeometry geometry) {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes(("P6 " + width + " " + height + " 255\n").getBytes(StandardCharsets.US_ASCII));
        file.writeBytes(picture);
        HostTensor pixels = HostTensor.allocate(Shape.of(1, 3, geometry.size(), geometry.size()));
        try {
            PictureReader.of(geometry).read(file.toByteArray(), View.plain(), pixels.values());
        } catch (UnreadablePictureException e) {
            throw new IllegalStateException(e);
        }
        return pixels;
    }

    /** Slow waves under noise, 0 to 255: the waves survive a resize, and few sums of the noise end in a half. */
    private static int level(int i) {
        return (int) Math.floorMod(i / 97L + (i * 0x9E3779B97F4A7C15L >>> 57), 256);
    }

    /** Nodes from another ONNX file are ONNX Runtime's here too, as the bundle runs them; libtorch has the rest. */
    private static HostTensor torch(Bundle bundle, HostTensor pixels) {
        Network network = bundle.network();
        Cut cut = Cut.of(network.program(), behindForeignNodes(network.program()));
        List<HostTensor> values = List.of(pixels);
        if (cut.prefix().steps().stream().anyMatch(step -> step.layer() instanceof ForeignGraph)) {
            try (OnnxSession session = OnnxSession.open(OnnxGraph.of(cut.prefix(), network.weights()), 1)) {
                values = session.run(values);
            }
        }
        Engine engine = Engine.cpu();
        try (var computing = engine.use();
                var scope = Scope.open();
                var gradients = Gradients.off()) {
            return cut.suffix()
                    .infer(
                            new TorchOps(),
                            name -> engine.tensor(network.weight(name)),
                            values.stream().map(engine::tensor).toList())
                    .get(0)
                    .toHost();
        }
    }

    private static Predicate<Step> behindForeignNodes(Program program) {
        List<Step> before = new ArrayList<>();
        for (int i = 0; i < program.steps().size(); i++) {
            if (program.steps().get(i).layer() instanceof ForeignGraph) {
                before = program.steps().subList(0, i + 1);
            }
        }
        Set<Step> first = Set.copyOf(before);
        return step -> !first.contains(step);
    }

    private static double share(HostTensor actual, HostTensor expected) {
        if (!actual.shape().equals(expected.shape())) {
            return Double.NaN;
        }
        double scale = 1;
        double difference = 0;
        for (int i = 0; i < expected.elements(); i++) {
            scale = Math.max(scale, Math.abs(expected.get(i)));
            // Math.max keeps NaN.
            difference = Math.max(difference, Math.abs((double) actual.get(i) - expected.get(i)));
        }
        return difference / scale;
    }
}
