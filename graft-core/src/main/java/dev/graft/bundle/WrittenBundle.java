package dev.graft.bundle;

import dev.graft.GraftException;
import dev.graft.model.Network;
import dev.graft.report.Familiarity;
import dev.graft.tensor.HostTensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A bundle's file read back as any reader would read it, and compared with what was to be written: before it takes its
 * place, so that no training ends with a file that nothing can open.
 */
final class WrittenBundle {
    /** A larger one is not held twice in memory: of its weights the sums are compared. */
    private static final long LARGE = 64L << 20;

    private WrittenBundle() {}

    /**
     * Compares.
     *
     * @param half the file under its temporary name
     * @param file where it will be
     * @param sums CRC-32 of each entry as it was made
     * @throws GraftException if it cannot be read, or anything in it is other than it was
     */
    static void check(Bundle bundle, Path half, Path file, Map<String, Long> sums) throws IOException {
        Bundle read;
        try {
            BundleReader.checkSums(half, file.toString(), sums);
            if (bytes(bundle) > LARGE) {
                return;
            }
            read = BundleReader.read(half, file.toString());
        } catch (GraftException e) {
            throw new GraftException("what was written cannot be read back, so there is no file: " + e.getMessage(), e);
        }
        String other = difference(bundle, read);
        if (other != null) {
            throw new GraftException(file + ": " + other + " came back other than written, so there is no file; is the"
                    + " disk sound? If so please report it");
        }
    }

    private static long bytes(Bundle bundle) {
        return bundle.network().weights().values().stream()
                .mapToLong(weight -> (long) weight.elements() * Float.BYTES)
                .sum();
    }

    private static @Nullable String difference(Bundle bundle, Bundle read) {
        if (!read.labels().equals(bundle.labels())) {
            return "the labels";
        }
        if (!read.geometry().equals(bundle.geometry())) {
            return "the geometry";
        }
        if (!read.testLogits().equals(bundle.testLogits())) {
            return "the test vector";
        }
        // As text: a whole number may be an int before and a long after.
        if (!read.provenance().toString().equals(bundle.provenance().toString())) {
            return "the provenance";
        }
        if (!same(bundle.confidence(), read.confidence())) {
            return "the confidence";
        }
        return same(bundle.network(), read.network()) ? null : "the network";
    }

    private static boolean same(Confidence one, Confidence other) {
        Familiarity first = one.familiarity();
        Familiarity second = other.familiarity();
        if (first == null || second == null) {
            return one.temperature() == other.temperature() && Objects.equals(first, second);
        }
        return one.temperature() == other.temperature()
                && first.threshold() == second.threshold()
                && first.examples().sameBits(second.examples());
    }

    private static boolean same(Network one, Network other) {
        Map<String, HostTensor> weights = other.weights();
        return one.program().equals(other.program())
                && one.frozenLayers().equals(other.frozenLayers())
                && one.weights().keySet().equals(weights.keySet())
                && one.weights().entrySet().stream().allMatch(entry -> Objects.requireNonNull(
                                weights.get(entry.getKey()))
                        .sameBits(entry.getValue()));
    }
}
