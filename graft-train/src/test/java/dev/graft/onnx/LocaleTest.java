package dev.graft.onnx;

import static dev.graft.onnx.ForeignFiles.node;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.graft.bundle.Bundle;
import dev.graft.data.InputGeometry;
import dev.graft.layers.Dense;
import dev.graft.layers.ForeignGraph;
import dev.graft.layers.Normalization;
import dev.graft.model.Model;
import dev.graft.model.Network;
import dev.graft.model.Node;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import dev.graft.testing.Close;
import dev.graft.testing.Formula;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Where numbers are written with a comma, files of ONNX mean what they mean elsewhere. */
@Tag("slow")
class LocaleTest {
    private static final Pattern WITH_COMMA = Pattern.compile("(de_DE|fr_FR|tr_TR)\\.(utf8|UTF-8)");
    private static final int[] COLOUR = {100, 160, 60};
    private static final double MEAN = 0.5;
    private static final double STD = 0.2;
    private static final HostTensor HEAD = Formula.weight("head.weight", Shape.of(2, 3), 3);

    /** What the process with the comma found. */
    private static final Map<String, float[]> FOUND = new HashMap<>();

    @BeforeAll
    static void runInALocaleWithAComma(@TempDir Path folder) throws IOException, InterruptedException {
        Optional<String> locale = localeWithComma();
        Assumptions.assumeTrue(locale.isPresent(), "SKIPPED: no locale " + WITH_COMMA + " here");
        bundle().write(folder.resolve("old.graft"));
        BufferedImage picture = new BufferedImage(LocaleCases.SIZE, LocaleCases.SIZE, BufferedImage.TYPE_INT_RGB);
        for (int place = 0; place < LocaleCases.SIZE * LocaleCases.SIZE; place++) {
            picture.setRGB(
                    place % LocaleCases.SIZE, place / LocaleCases.SIZE, COLOUR[0] << 16 | COLOUR[1] << 8 | COLOUR[2]);
        }
        ImageIO.write(picture, "png", folder.resolve("picture.png").toFile());
        for (String line : run(locale.get(), folder.resolve("old.graft"), folder.resolve("picture.png"))) {
            String[] parts = line.split("=");
            String[] numbers = parts[1].trim().split(" ");
            float[] values = new float[numbers.length];
            for (int i = 0; i < numbers.length; i++) {
                values[i] = Float.parseFloat(numbers[i]);
            }
            FOUND.put(parts[0], values);
        }
    }

    private static Optional<String> localeWithComma() throws InterruptedException {
        try {
            Process process = new ProcessBuilder("locale", "-a").start();
            try (var names = process.inputReader(StandardCharsets.ISO_8859_1)) {
                return names.lines().filter(WITH_COMMA.asMatchPredicate()).findFirst();
            } finally {
                process.waitFor();
            }
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static List<String> run(String locale, Object... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("--"))
                .forEach(command::add);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), LocaleProbe.class.getName()));
        Stream.of(arguments).map(Object::toString).forEach(command::add);
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("LC_ALL", locale);
        Process process = builder.start();
        try (var out = process.inputReader(StandardCharsets.UTF_8)) {
            return out.lines().filter(line -> line.contains("=")).toList();
        } finally {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        }
    }

    /** As a version that did not know of this wrote it. */
    private static Bundle bundle() {
        GraphProto.Builder graph = GraphProto.newBuilder()
                .setName("cut")
                .addInput(ForeignFiles.value("x", DataType.FLOAT, 0, 3, LocaleCases.SIZE, LocaleCases.SIZE))
                .addOutput(ForeignFiles.value("features", DataType.FLOAT, 0, 3))
                .addNode(node("HardSwish", "map", "x"))
                .addNode(node("GlobalAveragePool", "mean", "map"))
                .addNode(node("Flatten", "features", "mean"));
        String nodes = Base64.getEncoder()
                .encodeToString(ForeignFiles.model(14, graph).build().toByteArray());
        Node pixels = Node.input(3, LocaleCases.SIZE, LocaleCases.SIZE);
        Node logits = pixels.then(
                        "preprocessing", Normalization.ofPixels(List.of(MEAN, MEAN, MEAN), List.of(STD, STD, STD)))
                .then("graph", new ForeignGraph(LocaleCases.SIZE, LocaleCases.SIZE, 3, Map.of(), true, nodes))
                .then("head", Dense.of(2));
        Network network = Network.of(Model.of("old", pixels, logits), 1);
        network.setWeights(Map.of("head.weight", HEAD, "head.bias", HostTensor.allocate(Shape.of(2))));
        return Bundle.of(
                List.of("a", "b"),
                InputGeometry.centerCrop(LocaleCases.SIZE),
                network,
                JsonNodeFactory.instance.objectNode());
    }

    static List<LocaleCases.Case> cases() {
        return LocaleCases.all();
    }

    /** Of floats ONNX Runtime computes Gelu itself. */
    static Stream<LocaleCases.Case> madeOfOthers() {
        return LocaleCases.all().stream().filter(file -> !file.name().equals("Gelu"));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void featuresAreWhatTheOperatorMeans(LocaleCases.Case file) {
        Close.within(file.tolerance()).check(file.name(), found(file.name()), file.means());
    }

    /** Once this fails, what {@link LocaleProof} does of it is needed no more. */
    @ParameterizedTest
    @MethodSource("madeOfOthers")
    void onnxRuntimeItselfStillReadsByTheLocale(LocaleCases.Case file) {
        assertThat(found(file.name() + " as it is")[0]).isNotCloseTo(file.means()[0], within(0.02f));
    }

    @Test
    void aBundleWithSuchAnOperatorAnswersAsEver() {
        double[] logits = new double[2];
        for (int channel = 0; channel < 3; channel++) {
            double x = (COLOUR[channel] / 255.0 - MEAN) / STD;
            double feature = x * Math.max(0, Math.min(1, x / 6 + 0.5));
            logits[0] += HEAD.get(channel) * feature;
            logits[1] += HEAD.get(3 + channel) * feature;
        }
        float first = (float) (1 / (1 + Math.exp(logits[1] - logits[0])));
        assertThat(Math.abs(logits[0] - logits[1])).as("says something").isGreaterThan(0.1);
        Close.within(1e-5).check("probabilities", found("classifier"), new float[] {first, 1 - first});
    }

    private static float[] found(String name) {
        assertThat(FOUND).as("what the process said before it failed").containsKey(name);
        return Objects.requireNonNull(FOUND.get(name), name);
    }
}
