package dev.graft.train.listen;

import dev.graft.GraftException;
import dev.graft.WholeFile;
import dev.graft.model.Network;
import dev.graft.tensor.HostTensor;
import dev.graft.train.TrainingEvent;
import dev.graft.train.TrainingEvent.EpochDone;
import dev.graft.train.TrainingEvent.PhaseStarted;
import dev.graft.weights.Safetensors;
import dev.graft.weights.StrictLoad;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Writes a network's weights to a safetensors file while it trains, so that a process that dies loses an epoch and not a
 * night. A file appears whole or stays what it was. Its metadata say {@code phase}, {@code epoch} and every metric.
 *
 * <p>In the file's name {@code {epoch}} stands for the epoch, from 1 in each phase, and {@code {phase}} for the phase;
 * without them one file is replaced again and again.
 */
public final class Checkpoint implements Consumer<TrainingEvent> {
    private final Network network;
    private final Supplier<Map<String, HostTensor>> current;
    private final Path file;
    private final boolean onlyBest;
    private String phase = "";

    private Checkpoint(Network network, Supplier<Map<String, HostTensor>> current, Path file, boolean onlyBest) {
        WholeFile.at(file).check();
        this.network = network;
        this.current = current;
        this.file = file;
        this.onlyBest = onlyBest;
    }

    /**
     * Writes after each epoch that was the best so far.
     *
     * @throws GraftException if the file's folder is missing or must not be written to
     */
    public static Checkpoint best(Network network, Path file) {
        return new Checkpoint(network, Map::of, file, true);
    }

    /**
     * Writes after each epoch, whether it was better or not.
     *
     * @param current gives the weights as they are after that epoch: {@code trainer::weights}. The network itself has
     *     those of the best epoch
     * @throws GraftException if the file's folder is missing or must not be written to
     */
    public static Checkpoint everyEpoch(Network network, Supplier<Map<String, HostTensor>> current, Path file) {
        return new Checkpoint(network, current, file, false);
    }

    /**
     * Gives a network the weights of a checkpoint.
     *
     * @throws GraftException if the file cannot be read, or weights are missing, left over or of another shape; nothing
     *     is replaced then
     */
    public static void load(Network network, Path file) {
        Map<String, HostTensor> weights = StrictLoad.of(network.weightShapes()).from(Safetensors.read(file));
        // Copied out of the mapped file, which the next checkpoint may replace.
        weights.replaceAll((name, weight) -> HostTensor.of(weight.shape(), weight.toArray()));
        network.setWeights(weights);
    }

    @Override
    public void accept(TrainingEvent event) {
        if (event instanceof PhaseStarted started) {
            phase = started.phase().name();
        } else if (event instanceof EpochDone done && (done.best() || !onlyBest)) {
            write(EpochValues.of(phase, done));
        }
    }

    private void write(EpochValues values) {
        Map<String, HostTensor> weights = new LinkedHashMap<>(network.weights());
        current.get().forEach((name, weight) -> {
            if (weights.replace(name, weight) == null) {
                throw new IllegalArgumentException("the network has no weight '" + name + "'");
            }
        });
        Safetensors.write(WholeFile.at(file(values)), weights, metadata(values));
    }

    private Path file(EpochValues values) {
        // A phase is named by the user: its name must not lead into another folder.
        String safePhase = values.phase().replaceAll("[^\\w.-]", "_");
        String name = file.getFileName().toString();
        return file.resolveSibling(
                name.replace("{epoch}", Integer.toString(values.epoch())).replace("{phase}", safePhase));
    }

    private static Map<String, String> metadata(EpochValues values) {
        Map<String, String> metadata = new LinkedHashMap<>();
        values.all().forEach((name, value) -> metadata.put(name, Double.toString(value)));
        metadata.put("learning_rate", Double.toString(values.learningRate()));
        metadata.put("phase", values.phase());
        metadata.put("epoch", Integer.toString(values.epoch()));
        return metadata;
    }
}
