package dev.graft.transfer.run;

import dev.graft.GeneratedPictures;
import dev.graft.heads.Head;
import dev.graft.transfer.config.BackboneSettings;
import dev.graft.transfer.config.BackboneSource;
import dev.graft.transfer.config.HeadSettings;
import dev.graft.transfer.config.Recipe;
import dev.graft.transfer.config.RunSettings;
import dev.graft.transfer.config.TransferSettings;
import dev.graft.transfer.config.TuningSettings;
import dev.graft.transfer.config.Unfreezing;
import dev.graft.transfer.phase.PhaseResult;
import java.nio.file.Path;

/** Short runs on generated pictures with the real backbone at a small size. */
public final class Runs {
    public static final String CONVOLUTION = "backbone.features.12.0.weight";
    private static final String BACKBONE = "mobilenet_v3_small";

    private Runs() {}

    /** Two classes of eight pictures, three epochs of the head, no fine-tuning, one thread; all below {@code work}. */
    public static TransferSettings head(Path work) {
        Path folder = work.resolve("pictures");
        if (!folder.toFile().exists()) {
            GeneratedPictures.folder(folder, 2, 8);
        }
        return head(work, folder);
    }

    /** The same on other pictures. */
    public static TransferSettings head(Path work, Path folder) {
        return trained(TransferSettings.of(folder), 3, 1e-2)
                .with(BackboneSettings.BACKBONE, new BackboneSource.OfZoo(BACKBONE))
                .with(BackboneSettings.IMAGE_SIZE, 48)
                .with(TuningSettings.EPOCHS, 0)
                .with(RunSettings.CACHE, work.resolve("cache"))
                .with(RunSettings.BATCH, 4)
                .with(RunSettings.VIEWS, 1)
                .with(RunSettings.THREADS, 1);
    }

    /** The same with two epochs of fine-tuning. */
    public static TransferSettings fineTuned(Path work, String unfreeze) {
        return head(work)
                .with(RunSettings.RECIPE, Recipe.CLASSIC)
                .with(TuningSettings.EPOCHS, 2)
                .with(TuningSettings.UNFREEZE, Unfreezing.parse(unfreeze));
    }

    /** With a linear head that gradients train. */
    public static TransferSettings trained(TransferSettings settings, int epochs, double learningRate) {
        return settings.with(HeadSettings.HEAD, new Head.TrainedLinear())
                .with(HeadSettings.EPOCHS, epochs)
                .with(HeadSettings.LEARNING_RATE, learningRate);
    }

    /** With a head that is solved, or whatever suits. */
    public static TransferSettings untrained(TransferSettings settings) {
        return settings.without(HeadSettings.HEAD).without(HeadSettings.EPOCHS).without(HeadSettings.LEARNING_RATE);
    }

    /** The packed backbone as runs have it. */
    public static TransferSettings network(int imageSize) {
        return TransferSettings.of(Path.of("pictures"))
                .with(BackboneSettings.BACKBONE, new BackboneSource.OfZoo(BACKBONE))
                .with(BackboneSettings.IMAGE_SIZE, imageSize);
    }

    /** What a cache may hold, as its setting has it. */
    public static double gigabytes(long bytes) {
        return (double) bytes / (1L << 30);
    }

    public static String frozen(TransferResult result, String phase) {
        return result.phases().stream()
                .filter(one -> one.name().equals(phase))
                .map(PhaseResult::frozen)
                .findFirst()
                .orElseThrow();
    }

    public static TransferSettings uncached(TransferSettings settings) {
        return settings.with(RunSettings.NO_CACHE, true);
    }

    public static TransferResult run(TransferSettings settings) {
        return TransferRun.run(settings, event -> {}, () -> false);
    }
}
