package dev.graft.transfer;

import dev.graft.GeneratedPictures;
import java.nio.file.Path;

/** Short runs on generated pictures with the real backbone at a small size. */
final class Runs {
    static final String CONVOLUTION = "backbone.features.12.0.weight";

    private Runs() {}

    /** Two classes of eight pictures, three epochs of the head, no fine-tuning, one thread; all below {@code work}. */
    static TransferSettings head(Path work) {
        Path folder = work.resolve("pictures");
        if (!folder.toFile().exists()) {
            GeneratedPictures.folder(folder, 2, 8);
        }
        return TransferSettings.of(folder)
                .base(new TransferSettings.Base("mobilenet_v3_small", null, 48))
                .head(new TransferSettings.Head(3, 1e-2))
                .fineTuning(new TransferSettings.FineTuning(0, 1e-3, "features.12"))
                .cache(new TransferSettings.Cache(work.resolve("cache"), true, 1 << 28))
                .batchSize(4)
                .threads(1);
    }

    /** The same with two epochs of fine-tuning. */
    static TransferSettings fineTuned(Path work, String unfreeze) {
        return head(work).fineTuning(new TransferSettings.FineTuning(2, 1e-4, unfreeze));
    }

    static TransferSettings uncached(TransferSettings settings) {
        return settings.cache(new TransferSettings.Cache(settings.cache().folder(), false, 0));
    }

    static TransferResult run(TransferSettings settings) {
        return TransferRun.run(settings, event -> {}, () -> false);
    }
}
