package dev.graft.bundle;

import dev.graft.GraftException;
import dev.graft.bundle.BundleReader.Description;
import dev.graft.bundle.BundleReader.Look;
import dev.graft.model.Program;
import dev.graft.report.InDistribution;
import dev.graft.tensor.HostTensor;
import dev.graft.weights.Safetensors;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A bundle's file read back as any reader would read it, and compared with what was to be written: before it takes its
 * place, so that no training ends with a file that nothing can open. The weights are compared as they pass by; a large
 * network is not held in memory twice.
 */
final class WrittenBundle {
    private WrittenBundle() {}

    /**
     * Compares.
     *
     * @param half the file under its temporary name
     * @param file where it will be
     * @throws GraftException if it cannot be read, or anything in it is other than it was
     */
    static void check(Bundle bundle, Path half, Path file) {
        Map<String, Look> looks = new HashMap<>();
        looks.put(
                BundleFormat.WEIGHTS,
                look(file, BundleFormat.WEIGHTS, bundle.network().weights()));
        InDistribution inDistribution = bundle.confidence().inDistribution();
        if (inDistribution != null) {
            Map<String, HostTensor> examples = Map.of(BundleFormat.EXAMPLES, inDistribution.examples());
            looks.put(BundleFormat.IN_DISTRIBUTION, look(file, BundleFormat.IN_DISTRIBUTION, examples));
        }
        Description read;
        try {
            read = BundleReader.describe(half, file.toString(), looks);
        } catch (GraftException e) {
            throw new GraftException("what was written cannot be read back, so there is no file: " + e.getMessage(), e);
        }
        String other = difference(bundle, read);
        if (other != null) {
            throw new GraftException(
                    file + ": " + other + " came back other than written, so there is no file; please" + " report it");
        }
    }

    private static Look look(Path file, String entry, Map<String, HostTensor> tensors) {
        return (in, size) -> Safetensors.verify(file + "!" + entry, in, size, tensors, BundleWriter.METADATA);
    }

    private static @Nullable String difference(Bundle bundle, Description read) {
        if (!read.labels().equals(bundle.labels())) {
            return "the labels";
        }
        if (!read.geometry().equals(bundle.geometry())) {
            return "the geometry";
        }
        if (!read.test().equals(bundle.testLogits())) {
            return "the test vector";
        }
        // As text: a whole number may be an int before and a long after.
        if (!read.provenance().toString().equals(bundle.provenance().toString())) {
            return "the provenance";
        }
        if (!same(bundle.confidence(), read)) {
            return "the confidence";
        }
        boolean same = bundle.network().program().equals(Program.of(read.model()))
                && bundle.network().frozenLayers().equals(read.frozen());
        return same ? null : "the network";
    }

    private static boolean same(Confidence confidence, Description read) {
        InDistribution inDistribution = confidence.inDistribution();
        double threshold = read.manifest().path("threshold").asDouble(Double.NaN);
        return confidence.temperature() == read.temperature()
                && (inDistribution == null ? Double.isNaN(threshold) : inDistribution.threshold() == threshold);
    }
}
